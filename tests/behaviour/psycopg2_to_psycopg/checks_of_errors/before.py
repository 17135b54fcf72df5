# case: args = --seed all --unsafe
# case: expect = isinstance(error, psycopg.errors.UndefinedTable)
# case: expect = isinstance(error, (psycopg.OperationalError, psycopg.ProgrammingError))
# case: reject = psycopg2
import psycopg2
from postgres import ADDRESS
from psycopg2 import errors


def main():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cur = conn.cursor()
    try:
        cur.execute("select * from nowhere")
    except psycopg2.Error as error:
        print(isinstance(error, errors.UndefinedTable), isinstance(error, (psycopg2.OperationalError, psycopg2.ProgrammingError)))
        conn.rollback()
    try:
        cur.execute("select 1/0")
    except Exception as error:
        if isinstance(error, psycopg2.DataError):
            print("data")
        conn.rollback()
    conn.close()


if __name__ == "__main__":
    main()
