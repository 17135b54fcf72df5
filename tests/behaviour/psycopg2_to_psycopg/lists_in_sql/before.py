# case: args = --seed all --unsafe
# case: expect = where n = ANY(%s) and n < %s
# case: expect = (list(ids), 5),
# case: expect = "select count(*) from generate_series(1, 9) as n where n = any(%s)", ([2],)
# case: expect = n <> ALL(%(out)s) and 'a%%' like %(text)s", {"out": [1, 2], "text": "a%"}
import psycopg2
from postgres import ADDRESS


def main(ids, names):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cur = conn.cursor()
    cur.execute(
        "select n from generate_series(1, 9) as n "
        "where n IN %s and n < %s "
        "order by n",
        (tuple(ids), 5),
    )
    print(cur.fetchall())
    cur.execute("select count(*) from generate_series(1, 9) as n where n in %s", ((2,),))
    print(cur.fetchone())
    cur.execute("select count(*) from generate_series(1, 9) as n where n NOT IN %(out)s and 'a%%' like %(text)s", {"out": (1, 2), "text": "a%"})
    print(cur.fetchone())
    cur.execute("select t from unnest(array['a', 'b', 'c']) as t where t in %s", (names,))
    print(cur.fetchall())
    cur.execute("select 'in %s'")
    print(cur.fetchone())
    conn.close()


main([1, 2, 7], ("a", "c"))
