# case: args = --seed all --unsafe
# case: expect = self.pool = AsyncConnectionPool(min_size=1, max_size=3, kwargs={"host": ADDRESS["host"], "port": ADDRESS["port"], "user": "postgres", "dbname": "postgres"}, open=False)
# case: expect = await self.pool.open()
# case: expect = await self.pool.close()
from contextlib import contextmanager

from postgres import ADDRESS
from psycopg2.pool import ThreadedConnectionPool


class Store:
    def __init__(self):
        self.pool = None

    def open(self):
        # One for each worker.
        self.pool = ThreadedConnectionPool(1, 3, host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", database="postgres")

    @contextmanager
    def connection(self):
        conn = self.pool.getconn()
        try:
            yield conn
            conn.commit()
        except Exception:
            conn.rollback()
            raise
        finally:
            self.pool.putconn(conn)

    def execute(self, sql, values):
        with self.connection() as conn:
            with conn.cursor() as cur:
                cur.execute(sql, values)
                return cur.rowcount

    def rows(self):
        with self.connection() as conn, conn.cursor() as cur:
            cur.execute("select id from item order by id")
            return [number for (number,) in cur.fetchall()]

    def close(self):
        self.pool.closeall()


def main():
    store = Store()
    store.open()
    try:
        store.execute("create table item(id int primary key)", ())
        print(store.execute("insert into item values (%s)", (1,)))
        try:
            store.execute("insert into item values (%s), (1)", (2,))
        except Exception as error:
            print(type(error).__name__)
        print(store.rows())
    finally:
        store.close()
    print(store.pool.closed)


if __name__ == "__main__":
    main()
