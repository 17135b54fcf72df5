# case: args = --seed all --unsafe
# case: expect = if error.sqlstate == "23505":
# case: expect = return error.diag.constraint_name
import psycopg2
from postgres import ADDRESS


def connect():
    return psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")


def add(number):
    conn = connect()
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("insert into item values (%s)", (number,))
            return cursor.rowcount
    except psycopg2.Error as error:
        if error.pgcode == "23505":
            return "twice"
        return error.diag.constraint_name
    finally:
        conn.close()


def main():
    with connect() as conn, conn.cursor() as cursor:
        cursor.execute("create table item(id int primary key constraint positive check (id > 0))")
    print(add(1), add(1), add(0))


if __name__ == "__main__":
    main()
