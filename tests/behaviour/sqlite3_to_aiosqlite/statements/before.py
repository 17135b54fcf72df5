# case: args = --seed all --unsafe
# case: expect = conn = await aiosqlite.connect("shop.db", timeout=10)
# case: expect = (await (await conn.execute("select count(*) from item")).fetchone())[0]
# case: expect = async for row in await conn.execute("select * from item order by id"):
# case: expect = cursor = await conn.cursor()
import sqlite3


def as_dict(cursor, row):
    return {column[0]: value for column, value in zip(cursor.description, row)}


def main():
    conn = sqlite3.connect("shop.db", 10)
    try:
        conn.row_factory = sqlite3.Row
        conn.execute("create table item(id integer primary key, name text unique)")
        made = conn.execute("insert into item(name) values (?)", ("a",))
        print(made.lastrowid, made.rowcount)
        conn.executemany("insert into item(name) values (?)", [("b",), ("c",)])
        conn.commit()
        for row in conn.execute("select * from item order by id"):
            print(row["id"], row["name"], row.keys())
        print(conn.execute("select count(*) from item").fetchone()[0], conn.in_transaction)
        conn.row_factory = as_dict
        cursor = conn.cursor()
        cursor.execute("select name from item where id > ?", (1,))
        print(cursor.fetchall(), cursor.fetchone())
        print([row["name"] for row in cursor.execute("select name from item")])
        print(list(conn.execute("select max(id) as top from item")))
        cursor.close()
        conn.create_function("twice", 1, lambda value: value * 2)
        print(conn.execute("select twice(4) as n").fetchone(), conn.total_changes)
        try:
            conn.execute("insert into item(name) values ('a')")
        except sqlite3.IntegrityError as error:
            print(type(error).__name__, error)
        conn.executescript("delete from item; vacuum;")
        print(conn.execute("select count(*) as n from item").fetchone())
    finally:
        conn.close()


if __name__ == "__main__":
    main()
