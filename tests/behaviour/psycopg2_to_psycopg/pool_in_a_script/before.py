# case: args = --seed all --unsafe
# case: expect = pool = AsyncConnectionPool(min_size=1, max_size=2, kwargs=options, open=False)
# case: expect = await pool.open()
from postgres import ADDRESS
from psycopg2.pool import SimpleConnectionPool

options = {"host": ADDRESS["host"], "port": ADDRESS["port"], "user": "postgres", "dbname": "postgres"}
pool = SimpleConnectionPool(1, 2, **options)
first = pool.getconn()
print(bool(first.closed))
pool.putconn(first)
again = pool.getconn()
with again, again.cursor() as cur:
    cur.execute("select 7")
    print(cur.fetchone())
pool.putconn(again)
pool.closeall()
