# case: args = --seed all --unsafe
# case: unchanged
import sqlite3


def used_behind_its_block(path):
    with sqlite3.connect(path) as conn:
        conn.execute("create table a(b)")
    return conn.execute("select count(*) from a").fetchone()


def never_closed(path):
    conn = sqlite3.connect(path)
    if path:
        print(conn.total_changes)
    return lambda: conn.execute("select 1").fetchone()


def copied(path):
    conn = sqlite3.connect(path)
    other = sqlite3.connect(":memory:")
    try:
        conn.backup(other)
        return other.execute("select count(*) from sqlite_master").fetchone()
    finally:
        conn.close()
        other.close()


def main():
    print(used_behind_its_block("a.db"), never_closed("a.db")(), copied("a.db"))


if __name__ == "__main__":
    main()
