# case: args = --seed all --unsafe
# case: expect = async with await cnx.cursor(dictionary=True) as rows:
# case: expect = for row in await rows.fetchall():
# case: expect = await cnx.set_autocommit(True)
import mysql.connector
from mysql.connector import errors
from mysql_stub import ADDRESS


def names(cnx):
    with cnx.cursor(dictionary=True) as rows:
        rows.execute("select id, name from item order by id")
        for row in rows:
            yield row["name"]


def main():
    cnx = mysql.connector.connect(
        host=ADDRESS["host"], port=ADDRESS["port"], user="u", password="p", database="app", ssl_disabled=True
    )
    cur = cnx.cursor()
    cur.execute("create table item(id int primary key auto_increment, name varchar(9))")
    cur.execute("insert into item(name) values (%s)", ("a",))
    print(cur.lastrowid, cur.rowcount)
    cur.executemany("insert into item(name) values (%s)", [("b",), (None,)])
    cnx.commit()
    cur.execute("select id, name from item where name = %(name)s", {"name": "b"})
    print(cur.fetchone(), cur.column_names)
    cur.execute("insert into item(name) values ('c')")
    cnx.rollback()
    cur.close()
    print(list(names(cnx)))
    try:
        with cnx.cursor() as other:
            other.execute("insert into item values (1, 'x')")
    except errors.IntegrityError as error:
        print(error.errno)
    cnx.autocommit = True
    cnx.close()


if __name__ == "__main__":
    main()
