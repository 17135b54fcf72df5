# case: args = --scope project
# case: expect store.py = async def load(
# case: expect store.py = async def read(
# case: expect service.py = async def cached(
# case: expect service.py = await store.load(
# case: expect before.py = await service.cached("a.txt")
# case: expect before.py = [item async for item in service.lines("a.txt")]
# case: expect store.py = def unused(
# case: reject store.py = async def unused(
# No seed at all: what only async code calls follows it, through modules without any async function.
import asyncio

import service
from store import Store, load


async def main():
    print(service.cached("a.txt"))
    print(load("a.txt", 2), Store("a.txt").read(), Big("a.txt").read())
    print(list(service.lines("a.txt")))


class Big(Store):
    def read(self):
        return super().read().upper()


asyncio.run(main())
