# case: args = --seed all --unsafe
# case: expect = async with conn.transaction():
# case: expect = except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
# case: expect = except asyncpg.UniqueViolationError:
# case: expect = return error.sqlstate
# case: expect = except asyncpg.IntegrityConstraintViolationError as error:
# case: reject = psycopg2
import psycopg2
import psycopg2.errors
from postgres import ADDRESS


def connect_and_create():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cur = conn.cursor()
    cur.execute("create table note(id serial primary key, name text unique)")
    cur.execute("create table log(name text)")
    conn.commit()
    cur.close()
    conn.close()


def add(*names):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    try:
        # All of them or none.
        for name in names:
            cursor.execute("insert into note (name) values (%s)", (name,))
        conn.commit()
    except psycopg2.Error as error:
        conn.rollback()
        print("failed:", str(error).splitlines()[0])
        return False
    finally:
        cursor.close()
        conn.close()
    return True


def add_each(names):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    taken = []
    for name in names:
        try:
            cursor.execute("insert into log values (%s)", (name,))
            cursor.execute("insert into note (name) values (%s) returning id", (name,))
            number = cursor.fetchone()[0]
            conn.commit()
        except psycopg2.errors.UniqueViolation:
            conn.rollback()
        else:
            taken.append((name, number > 0))
    conn.close()
    return taken


def rename(old, new):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn.cursor() as cursor:
            cursor.execute("update note set name = %s where name = %s", (new, old))
        conn.commit()
        with conn.cursor() as cursor:
            cursor.execute("insert into log values (%s)", (new,))
            conn.commit()
        return "renamed"
    except psycopg2.IntegrityError as error:
        return error.pgcode
    finally:
        conn.close()


def lost():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        cursor = conn.cursor()
        cursor.execute("delete from note")
        raise ValueError("before the commit")
        conn.commit()
    except ValueError as error:
        print(error)
    finally:
        conn.close()


def names():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    cursor.execute("select name from note order by lower(name)")
    found = [name for (name,) in cursor.fetchall()]
    cursor.execute("select count(*) from log")
    (logged,) = cursor.fetchone()
    cursor.close()
    conn.close()
    return found, logged


def main():
    connect_and_create()
    print(add("a", "b"), names())
    print(add("c", "a"), names())
    print(add_each(["c", "a", "d"]), names())
    print(rename("c", "e"), rename("d", "a"), names())
    lost()
    print(names())


if __name__ == "__main__":
    main()
