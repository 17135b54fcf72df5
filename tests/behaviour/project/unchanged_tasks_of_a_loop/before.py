# case: args = --scope project --seed all --unsafe
# case: unchanged
"""A method of the project is called like one of event loops: a loop is no object of its class, and no thread may call it."""

import asyncio
import time


class Board:
    def create_task(self, name):  # awaitify: keep-sync
        time.sleep(0.01)
        return f"task {name}"


async def work(number):
    await asyncio.sleep(0)
    return number


async def main():
    loop = asyncio.get_running_loop()
    task = loop.create_task(work(1))
    print(await task)


asyncio.run(main())
print(Board().create_task("paint"))
