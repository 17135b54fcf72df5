# case: args = --seed all --unsafe
# case: expect = async with AsyncConnectionPool(DSN, min_size=1, open=False) as pool:
# case: expect = async with self.pool.connection() as conn:
# case: expect = await self.pool.open()
import psycopg
from postgres import ADDRESS
from psycopg_pool import ConnectionPool

DSN = f"host={ADDRESS['host']} port={ADDRESS['port']} user=postgres dbname=postgres"


def insert(conn: psycopg.Connection, number: int, name: str):
    conn.execute("insert into item values (%s, %s)", (number, name))


class Store:
    def __init__(self, dsn):
        self.pool = ConnectionPool(dsn, min_size=1, max_size=2)

    def add(self, number, name):
        with self.pool.connection() as conn:
            insert(conn, number, name)

    def both(self, first, second):
        with self.pool.connection() as conn, conn.transaction():
            insert(conn, first[0], first[1])
            insert(conn, second[0], second[1])

    def names(self):
        with self.pool.connection() as conn:
            return [row[0] for row in conn.execute("select name from item order by id")]

    def borrowed(self):
        conn = self.pool.getconn()
        try:
            return conn.execute("select count(*) from item").fetchone()
        finally:
            self.pool.putconn(conn)

    def close(self):
        self.pool.close()


def main():
    with ConnectionPool(DSN, min_size=1) as pool:
        pool.wait()
        with pool.connection() as conn:
            conn.execute("create table item(id int primary key, name text)")
    store = Store(DSN)
    store.add(1, "a")
    for second in [(3, "c"), (1, "again")]:
        try:
            store.both((2, "b"), second)
        except psycopg.errors.UniqueViolation:
            print("twice")
    print(store.names(), store.borrowed())
    store.close()
    print(store.pool.closed)


if __name__ == "__main__":
    main()
