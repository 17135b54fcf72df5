# case: args = --seed all --unsafe
# case: expect = conn = await aiomysql.connect(
# case: expect = await conn.ensure_closed()
# case: expect = except pymysql.err.IntegrityError
# PyMySQL stands in for mysqlclient, as in many programs that cannot compile it.
import pymysql

pymysql.install_as_MySQLdb()

import MySQLdb
import MySQLdb.cursors
from mysql_stub import ADDRESS


def main():
    conn = MySQLdb.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="u", passwd="p", db="app")
    cur = conn.cursor()
    cur.execute("create table item(id int primary key auto_increment, name varchar(9))")
    print(cur.executemany("insert into item(name) values (%s)", [("a",), ("b",), (None,)]), cur.lastrowid)
    conn.commit()
    print(cur.execute("select id, name from item where name = %(name)s", {"name": "b"}), cur.fetchall(), cur.rowcount)
    cur.execute("insert into item(name) values ('c')")
    conn.rollback()
    cur.close()
    rows = conn.cursor(MySQLdb.cursors.DictCursor)
    rows.execute("select * from item order by id")
    print(rows.fetchone(), [row["name"] for row in rows])
    try:
        rows.execute("insert into item values (1, 'x')")
    except MySQLdb.IntegrityError:
        print("twice")
    conn.close()


if __name__ == "__main__":
    main()
