"""Bridges would hand connections from one thread to another, which sqlite3 refuses."""

# case: args = --unsafe --ignore sqlite3_to_aiosqlite
# case: unchanged
import asyncio
import os
import sqlite3
import time

shared = sqlite3.connect(":memory:")


class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        os.stat(".")
        self.db.execute("create table numbers (n)")

    def add(self, n):
        time.sleep(0.001)
        self.db.execute("insert into numbers values (?)", (n,))

    def total(self):
        time.sleep(0.001)
        return self.db.execute("select sum(n) from numbers").fetchone()[0]


def opened():
    time.sleep(0.001)
    return sqlite3.connect(":memory:")


def entered():
    time.sleep(0.001)
    with sqlite3.connect(":memory:") as db:
        db.execute("create table numbers (n)")
    return db


def asked(db: sqlite3.Connection):
    time.sleep(0.001)
    return db.execute("select 1").fetchone()


def of_module():
    time.sleep(0.001)
    return shared.execute("select 2").fetchone()


async def main():
    store = Store(":memory:")
    store.add(1)
    store.add(2)
    print(store.total())
    print(asked(opened()), of_module(), entered().execute("select 3").fetchone())


# The functions stay as they are, so bridges are all that could change.
functions = [Store.add, Store.total, opened, entered, asked, of_module]
print([function.__name__ for function in functions], asyncio.run(main()))
