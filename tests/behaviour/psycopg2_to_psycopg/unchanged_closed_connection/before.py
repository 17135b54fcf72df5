# case: args = --seed all --unsafe
# case: unchanged
import psycopg2
from postgres import ADDRESS


def connect():
    return psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")


def ask(conn, question):
    try:
        with conn.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()
    except psycopg2.InterfaceError:
        conn = connect()
        with conn.cursor() as cursor:
            cursor.execute("select 'again'")
            row = cursor.fetchone()
        conn.close()
        return row


def main():
    conn = connect()
    print(ask(conn, "select 1"))
    conn.close()
    print(ask(conn, "select 2"))


if __name__ == "__main__":
    main()
