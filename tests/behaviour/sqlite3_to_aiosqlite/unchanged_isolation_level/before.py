# case: args = --seed all --unsafe
# case: unchanged
import sqlite3
from contextlib import closing


def main():
    with closing(sqlite3.connect("items.db")) as conn:
        conn.execute("create table item(name text)")
        conn.isolation_level = None
        conn.execute("begin")
        conn.execute("insert into item values ('a')")
        conn.execute("rollback")
        print(conn.execute("select count(*) from item").fetchone(), conn.isolation_level)


if __name__ == "__main__":
    main()
