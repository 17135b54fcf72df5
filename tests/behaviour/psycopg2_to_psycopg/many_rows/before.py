# case: args = --seed all --unsafe
# case: expect = await cur.executemany("insert into item values (%s, %s)", [(1, "a"), (2, "b")])
# case: expect = await cur.executemany("insert into item (id, name) values (%s, %s) on conflict (id) do nothing", rows)
# case: expect = VALUES (%s, 'fixed')
# case: reject = extras
import psycopg2
from postgres import ADDRESS
from psycopg2.extras import execute_batch, execute_values


def fill(cur, rows):
    execute_batch(cur, "insert into item values (%s, %s)", [(1, "a"), (2, "b")], page_size=10)
    execute_values(cur, "insert into item (id, name) values %s on conflict (id) do nothing", rows)
    execute_values(
        cur,
        "insert into item (id, name) VALUES %s",
        [(number,) for number in range(7, 9)],
        template="(%s, 'fixed')",
    )


def main():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    try:
        with conn.cursor() as cur:
            cur.execute("create temp table item(id int primary key, name text)")
            fill(cur, [(3, "c"), (1, "other"), (4, None)])
            cur.execute("select * from item order by id")
            for row in cur:
                print(row)
        conn.commit()
    finally:
        conn.close()


if __name__ == "__main__":
    main()
