# case: args = --seed all --unsafe
# case: unchanged
import psycopg2
from postgres import ADDRESS


def committed():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        cursor = conn.cursor()
        cursor.execute("create table thing(id int)")
        cursor.execute("insert into thing values (%s)", (1,))
        if cursor.rowcount > 1:
            return "too many"
        conn.commit()
        return cursor.statusmessage
    finally:
        conn.close()


def printed():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("select id from thing")
            return list(cursor.fetchone())
    finally:
        conn.close()


def caught():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("insert into nothing values (1)")
    except psycopg2.Error as error:
        return error.pgcode
    finally:
        conn.close()


def main():
    print(committed(), printed(), caught())


if __name__ == "__main__":
    main()
