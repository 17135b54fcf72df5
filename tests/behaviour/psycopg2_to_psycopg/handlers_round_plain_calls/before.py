# case: args = --seed all --unsafe
# case: expect = except psycopg.Error:
# case: expect = except (psycopg.OperationalError, psycopg.InterfaceError):
# case: reject = psycopg2
import psycopg2
from postgres import ADDRESS


def connect():
    return psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")


def is_open(conn):
    try:
        conn.cursor()
    except psycopg2.Error:
        return False
    return True


def count(cursor):
    number = 0
    try:
        for _ in cursor:
            number += 1
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        return "closed"
    return number


def main():
    conn = connect()
    print(is_open(conn))
    cursor = conn.cursor()
    cursor.execute("select generate_series(1, 3)")
    print(count(cursor))
    cursor.close()
    print(count(cursor))
    conn.close()
    print(is_open(conn))


if __name__ == "__main__":
    main()
