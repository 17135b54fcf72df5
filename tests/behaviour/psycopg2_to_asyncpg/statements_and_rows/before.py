# case: args = --seed all --unsafe
# case: expect = conn = await asyncpg.connect(
# case: expect = database="postgres"
# case: expect = async with conn.transaction():
# case: expect = "insert into item values ($1, $2, $3)"
# case: expect = name, price = await conn.fetchrow(
# case: expect = return [tuple(row) for row in await conn.fetch("select id, name from item order by id")]
# case: expect = for row in map(tuple, await conn.fetch("select id, name from item order by id")):
# case: expect = if await conn.fetchrow("select 1 from item where name = $1", name) is not None:
import psycopg2
from postgres import ADDRESS


def create():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("create table item(id int primary key, name text, price float8)")
            cursor.execute("insert into item values (1, 'a%', 0.5)")
            cursor.execute("insert into item values (%s, %s, %s)", (2, "b", 1.5))
            cursor.execute(
                "insert into item values (%(id)s, %(name)s, %(price)s)",
                {"price": 2.5, "id": 3, "name": "c"},
            )
    finally:
        conn.close()


def add(number, name):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn:
            with conn.cursor() as cursor:
                cursor.execute("select 1 from item where name = %s", (name,))
                if cursor.fetchone() is not None:
                    return "taken"
                cursor.execute("insert into item values (%s, %s, 0) returning id", [number, name])
                return cursor.fetchone()[0]
    finally:
        conn.close()


def fail():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn:
            cursor = conn.cursor()
            cursor.execute("delete from item")
            cursor.execute("select count(*) from item")
            (left,) = cursor.fetchone()
            raise ValueError(left)
    except ValueError as error:
        return f"failed with {error} left"
    finally:
        conn.close()


def names():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("select name, price from item where id = %s or name like 'zz%%'", (1,))
            name, price = cursor.fetchone()
            cursor.execute("select name from item where id = any(%s) order by id", ([1, 3],))
            found = [row[0] for row in cursor]
            cursor.execute("select id from item where price > %(price)s::float8 order by id", {"price": 1.0})
            for (number,) in cursor.fetchall():
                found.append(number)
            cursor.execute("select id, name from item order by id")
            rows = cursor.fetchall()
            return name, price, found, len(rows), [row[1] for row in rows]
    finally:
        conn.close()


def everything():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("select id, name from item order by id")
            return cursor.fetchall()
    finally:
        conn.close()


def printed():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    conn.autocommit = True
    try:
        with conn.cursor() as cursor:
            cursor.execute("delete from item where id = %s", (2,))
            cursor.execute("select id, name from item order by id")
            for row in cursor:
                print(row)
    finally:
        conn.close()


def main():
    create()
    print(names())
    print(add(4, "d"), add(5, "d"))
    print(fail())
    print(everything())
    printed()


if __name__ == "__main__":
    main()
