# case: args = --seed all --unsafe
# case: expect = async with conn.cursor(name="rows") as cur:
# case: expect = cur = conn.cursor(name="few", row_factory=dict_row)
import psycopg2
from postgres import ADDRESS
from psycopg2.extras import RealDictCursor


def total(conn):
    with conn.cursor("rows") as cur:
        cur.itersize = 10
        cur.execute("select n from generate_series(1, %s) as n", (35,))
        total = 0
        for (n,) in cur:
            total += n
        return total


def parts(conn):
    cur = conn.cursor(name="few", cursor_factory=RealDictCursor)
    cur.execute("select n from generate_series(1, 5) as n")
    first = cur.fetchmany(2)
    one = cur.fetchone()
    rest = cur.fetchall()
    cur.close()
    return [dict(row) for row in first], dict(one), len(rest)


def main():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        print(total(conn), parts(conn))
        cur = conn.cursor(name=None)
        cur.execute("select 2")
        print(cur.fetchone(), cur.rowcount)
    finally:
        conn.close()


if __name__ == "__main__":
    main()
