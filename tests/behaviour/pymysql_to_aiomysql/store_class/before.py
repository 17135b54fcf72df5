# case: args = --seed all
# case: expect = async with self.conn.cursor() as cur:
# case: expect = if self.conn is not None and not self.conn.closed:
import pymysql
import pymysql.cursors
from mysql_stub import ADDRESS


class Store:
    def __init__(self):
        self.conn = None

    def open(self):
        self.conn = pymysql.connect(
            host=ADDRESS["host"],
            port=ADDRESS["port"],
            user="u",
            passwd="p",
            cursorclass=pymysql.cursors.DictCursor,
            autocommit=True,
        )

    def run(self, sql, *values):
        with self.conn.cursor() as cur:
            cur.execute(sql, values)
            return cur.fetchall()

    def close(self):
        if self.conn is not None and self.conn.open:
            self.conn.close()


def main():
    store = Store()
    store.open()
    try:
        store.run("create table pair(k varchar(9), v integer)")
        for number, key in enumerate("ab"):
            store.run("insert into pair values (%s, %s)", key, number)
        print(list(store.run("select * from pair order by k")))
        try:
            store.run("select * from nowhere")
        except pymysql.MySQLError as error:
            print(type(error).__name__, error.args[0])
    finally:
        store.close()
        store.close()


main()
