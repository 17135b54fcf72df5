# case: expect = asyncio.sleep(self.pause)
# case: expect = return await asyncio.sleep(0)
import asyncio
import time


class Limiter:
    def __init__(self, pause):
        self.pause = pause

    async def __aenter__(self):
        time.sleep(self.pause)
        return self

    async def __aexit__(self, *error):
        time.sleep(self.pause)

    async def ticks(self, n):
        for i in range(n):
            yield i
            time.sleep(self.pause)


async def main():
    async with Limiter(0.01) as limiter:
        print([i async for i in limiter.ticks(3)])
        await asyncio.gather(*[one(i) for i in range(2)])
    if time.time() > 0: time.sleep(0); print("one line")
    x = lambda: time.sleep(0)
    print(x())


async def one(i):
    try:
        time.sleep(0.01 * (i + 1))
    finally:
        print("done", i)


asyncio.run(main())
