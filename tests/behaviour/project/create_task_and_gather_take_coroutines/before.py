# case: expect = async def load(
# case: expect = await load(1)
# case: expect = await load(n)
import asyncio
import time


def load(n):
    time.sleep(0.001)
    return n * 2


async def double(n):
    return load(n)


async def main():
    print(load(1))
    task = asyncio.create_task(double(2))
    print(await task, await asyncio.gather(double(3), double(4)))


asyncio.run(main())
