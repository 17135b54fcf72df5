# case: args = --seed all --unsafe
# case: unchanged
import psycopg2
from postgres import ADDRESS
from psycopg2 import sql
from psycopg2.extras import DictCursor, execute_values


def connect():
    return psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", database="postgres")


def within(where, numbers):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user=ADDRESS["user"])
    try:
        with conn.cursor() as cursor:
            cursor.execute("select 1 where %s in %s" % (where, "%s"), (tuple(numbers),))
            return cursor.fetchall()
    finally:
        conn.close()


def composed(table):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user=ADDRESS["user"])
    try:
        with conn.cursor() as cursor:
            query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            cursor.execute(query)
            return cursor.fetchone()
    finally:
        conn.close()


def by_index_and_name():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user=ADDRESS["user"])
    try:
        with conn.cursor(cursor_factory=DictCursor) as cursor:
            cursor.execute("select 1 as one")
            row = cursor.fetchone()
            return row[0], row["one"]
    finally:
        conn.close()


def many(rows):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user=ADDRESS["user"])
    try:
        with conn.cursor() as cursor:
            cursor.execute("create temp table pair(a int, b int)")
            execute_values(cursor, "insert into pair values %s", rows)
            return cursor.rowcount
    finally:
        conn.close()


def main():
    print(within(1, [1, 2]), composed("pg_type")[0] > 1, by_index_and_name(), many([(1, 2), (3, 4)]))


if __name__ == "__main__":
    main()
