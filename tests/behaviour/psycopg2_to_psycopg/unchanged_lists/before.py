# case: args = --seed all --unsafe
# case: unchanged
import psycopg2
from postgres import ADDRESS

QUERY = "select n from generate_series(1, 9) as n where n in %s"


def connect():
    return psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")


def of_a_constant(ids):
    conn = connect()
    cur = conn.cursor()
    cur.execute(QUERY, (ids,))
    print(cur.fetchall())
    conn.close()


def of_values(values):
    conn = connect()
    cur = conn.cursor()
    cur.execute("select 1 where 1 in %s", values)
    print(cur.fetchall())
    conn.close()


def of_parts(ids, column):
    conn = connect()
    cur = conn.cursor()
    cur.execute(f"select n as {column} from generate_series(1, 9) as n where n in %s", (ids,))
    print(cur.fetchall())
    conn.close()


of_a_constant((1, 2))
of_values(((1, 2),))
of_parts((3,), "m")
