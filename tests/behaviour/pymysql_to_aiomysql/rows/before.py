# case: args = --seed all
# case: expect = user="u", password="p", db="app", connect_timeout=10)
# case: expect = async with conn.cursor(DictCursor) as cur:
# case: expect = await conn.ensure_closed()
# case: expect = print(not conn.closed, conn.closed)
# case: expect = [row["name"] async for row in cur]
import pymysql
from mysql_stub import ADDRESS
from pymysql.cursors import DictCursor


def main():
    conn = pymysql.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="u", password="p", database="app")
    with conn.cursor() as cur:
        cur.execute("create table item(id int primary key auto_increment, name varchar(9))")
        print(cur.executemany("insert into item(name) values (%s)", [("a",), ("b",), (None,)]))
        conn.commit()
        print(cur.execute("select id, name from item where name = %(name)s", {"name": "b"}), cur.fetchall(), cur.rowcount)
        print(cur.execute("insert into item(name) values ('c')"), cur.lastrowid)
    conn.rollback()
    with conn.cursor(DictCursor) as cur:
        cur.execute("select * from item order by id")
        print(cur.fetchone(), [row["name"] for row in cur])
    cur = conn.cursor()
    cur.execute("select count(*) from item")
    print(cur.fetchone())
    cur.close()
    try:
        with conn.cursor() as cur:
            cur.execute("insert into item values (1, 'x')")
    except pymysql.err.IntegrityError as error:
        print(error.args[0])
    print(conn.open)
    conn.close()
    print(conn.open, not conn.open)


if __name__ == "__main__":
    main()
