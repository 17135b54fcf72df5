# case: args = --seed all --unsafe
# case: expect = row = await conn.fetchrow("select id, name from part where id = $1", number)
# case: expect = return tuple(row) if row else None
# case: expect = found = dict(found) if found else None
# case: expect = status = await conn.execute("update part set name = upper(name) where id > $1", least)
# case: expect = return int(status.split()[-1])
# case: expect = await conn.executemany("insert into part values ($1, $2)", rows)
# case: expect = for part in map(dict, await conn.fetch("select * from part order by id")):
# case: expect = {part["id"]: part["name"] for part in await conn.fetch("select * from part")}
# case: reject = psycopg2
import psycopg2
from postgres import ADDRESS
from psycopg2.extras import RealDictCursor


def fill(rows):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    with conn, conn.cursor() as cursor:
        cursor.execute("create table part(id int primary key, name text)")
        cursor.executemany("insert into part values (%s, %s)", rows)
    conn.close()


def one(number):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        cursor = conn.cursor()
        cursor.execute("select id, name from part where id = %s", (number,))
        return cursor.fetchone()
    finally:
        conn.close()


def as_dictionary(number):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor(cursor_factory=RealDictCursor)
    cursor.execute(
        """
        select id, name
        from part where id = %s
        """,
        (number,),
    )
    found = cursor.fetchone()
    conn.close()
    return found


def shout(least):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        cursor = conn.cursor()
        cursor.execute("update part set name = upper(name) where id > %s", (least,))
        conn.commit()
        return cursor.rowcount
    finally:
        conn.close()


def dictionaries():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute("select * from part order by id")
            for part in cursor:
                print(sorted(part), list(part.values()))
            cursor.execute("select * from part")
            return {part["id"]: part["name"] for part in cursor.fetchall()}
    finally:
        conn.close()


def main():
    fill([(1, "a"), [2, "b"], (3, "c")])
    print(one(1), one(9), type(one(2)))
    found = as_dictionary(3)
    print(dict(found), as_dictionary(9))
    print(shout(1), shout(7))
    print(dictionaries())


if __name__ == "__main__":
    main()
