# case: args = --seed all
# case: expect = async with _transaction(conn):
# case: expect = async with aiosqlite.connect(path) as conn, _transaction(conn):
# case: expect = async with aiosqlite.connect("shop.db") as conn:
# case: expect = from contextlib import asynccontextmanager
# case: reject = closing
import sqlite3
from contextlib import closing


def create(path):
    with sqlite3.connect(path) as conn:
        conn.execute("create table item(id integer primary key, name text unique)")
        conn.execute("insert into item(name) values ('first')")


def add(names):
    with closing(sqlite3.connect("shop.db")) as conn:
        with conn:
            for name in names:
                conn.execute("insert into item(name) values (?)", (name,))
            if not names:
                return "nothing"
        with conn:
            conn.execute("insert into item(name) values (?)", (f"after {names[-1]}",))
        return count(conn)


def count(conn):
    return conn.execute("select count(*) from item").fetchone()[0]


def main():
    create("shop.db")
    print(add(["a", "b"]), add([]))
    try:
        add(["c", "a"])
    except sqlite3.IntegrityError as error:
        print(error)
    conn = sqlite3.connect("shop.db")
    try:
        print(count(conn), [name for (name,) in conn.execute("select name from item order by id")])
        conn.execute("delete from item")
    finally:
        conn.close()
    with closing(sqlite3.connect("shop.db")) as conn:
        print(count(conn))


if __name__ == "__main__":
    main()
