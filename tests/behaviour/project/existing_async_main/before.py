# case: expect = await load(1)
# case: expect = await task(2)
# case: reject = asyncio.run(load
# The callers are async already.
import asyncio

from store import load


async def task(n):
    return load(n)


async def main():
    print(load(1), await task(2))
    print(await asyncio.gather(task(3), task(4)))


asyncio.run(main())
