# case: args = --seed all --unsafe
# case: expect = async with await psycopg.AsyncConnection.connect(**ADDRESS) as conn:
# case: expect = async with conn.transaction():
# case: expect = async for (number,) in cursor:
import psycopg
from postgres import ADDRESS


def create():
    with psycopg.connect(**ADDRESS) as conn:
        conn.execute("create table number(n int primary key)")
        with conn.cursor() as cursor:
            cursor.executemany("insert into number values (%s)", [(1,), (2,)])
            print(cursor.rowcount)


def add(conn, number):
    with conn.transaction():
        conn.execute("insert into number values (%s)", (number,))


def numbers(conn):
    with conn.cursor() as cursor:
        cursor.execute("select n from number order by n")
        return [number for (number,) in cursor]


def main():
    create()
    with psycopg.connect(**ADDRESS) as conn:
        add(conn, 3)
        try:
            add(conn, 3)
        except psycopg.errors.UniqueViolation as error:
            print(type(error).__name__)
        print(numbers(conn), conn.execute("select count(*) from number").fetchone()[0])
        with conn.cursor() as cursor:
            cursor.execute("select n from number order by n desc")
            for (number,) in cursor:
                print(number)


if __name__ == "__main__":
    main()
