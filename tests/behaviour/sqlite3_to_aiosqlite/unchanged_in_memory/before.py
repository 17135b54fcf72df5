# Nothing is waited for, and a connection belongs to its thread: `to_thread(connection.execute, ...)` would raise.
# case: unchanged
# case: args = --scope project --seed all --unsafe
import sqlite3


def main():
    connection = sqlite3.connect(":memory:")
    connection.execute("create table item (name)")
    connection.execute("insert into item values ('a')")
    print(connection.execute("select name from item").fetchall())
    connection.close()


main()
