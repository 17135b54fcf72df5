# case: args = --seed all --unsafe
# case: expect = async with _transaction(conn):
# case: expect = async with await psycopg.AsyncConnection.connect(**address) as conn:
# case: expect = await other.set_autocommit(True)
# case: expect = async with _transaction(conn), conn.cursor() as cursor:
import psycopg2
from postgres import ADDRESS


def connect():
    return psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", database="postgres")


def create():
    address = dict(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    with psycopg2.connect(**address) as conn:
        with conn.cursor() as cursor:
            cursor.execute("create table item(id int primary key, name text)")


def add(conn, number, name):
    with conn:
        with conn.cursor() as cursor:
            cursor.execute("select 1")
            cursor.execute("insert into item values (%s, %s)", (number, name))
            return cursor.rowcount


def names(conn):
    with conn, conn.cursor() as cursor:
        cursor.execute("select name from item order by id")
        return [name for (name,) in cursor]


def main():
    create()
    conn = connect()
    try:
        print(add(conn, 1, "a"), add(conn, 2, "b"))
        try:
            with conn, conn.cursor() as cursor:
                cursor.execute("insert into item values (3, 'c'), (1, 'again')")
        except psycopg2.IntegrityError as error:
            print(type(error).__name__)
        cursor = conn.cursor()
        cursor.execute("delete from item")
        conn.rollback()
        print(names(conn))
    finally:
        conn.close()
    other = connect()
    try:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute("delete from item where id = %(id)s", {"id": 2})
    finally:
        other.close()
    last = connect()
    try:
        print(names(last))
    finally:
        last.close()


if __name__ == "__main__":
    main()
