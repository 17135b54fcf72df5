"""What makes a connection and closes it may run in any thread."""

# case: args = --unsafe --ignore sqlite3_to_aiosqlite
# case: expect = await asyncio.to_thread(counted, 1)
# case: expect = await asyncio.to_thread(closed, 2)
# case: expect = await asyncio.to_thread(unchecked)
import asyncio
import contextlib
import sqlite3
import time


def counted(n):
    time.sleep(0.001)
    db = sqlite3.connect(":memory:")
    try:
        return db.execute("select ?", (n,)).fetchone()
    finally:
        db.close()


def closed(n):
    time.sleep(0.001)
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        return db.execute("select ?", (n,)).fetchone()


def unchecked():
    time.sleep(0.001)
    return sqlite3.connect(":memory:", check_same_thread=False)


async def main():
    print(counted(1), closed(2))
    print(unchecked().execute("select 3").fetchone())


functions = [counted, closed, unchecked]
print([function.__name__ for function in functions], asyncio.run(main()))
