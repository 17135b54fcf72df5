# case: args = --seed all --unsafe
# case: unchanged
import psycopg2
from postgres import ADDRESS


class Db:
    def __init__(self, conn):
        self.conn = conn

    def execute(self, q, p=()):
        with self.conn.cursor() as cur:
            cur.execute(q, p)
            return cur.rowcount


class Repo:
    def __init__(self, db):
        self.db = db

    def add(self, n):
        return self.db.execute("insert into t values (%s)", (n,))


class Service:
    def __init__(self, repo):
        self.repo = repo

    def register(self, n):
        try:
            return self.repo.add(n)
        except psycopg2.IntegrityError:
            return "twice"


def main():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    conn.autocommit = True
    db = Db(conn)
    db.execute("create table t(a int primary key)")
    s = Service(Repo(db))
    print(s.register(1), s.register(1))
    conn.close()


if __name__ == "__main__":
    main()
