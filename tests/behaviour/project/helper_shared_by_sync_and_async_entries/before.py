# case: expect = async def helper(
# case: expect = await helper(1)
# case: expect = await helper(2)
import asyncio
import time


def helper(n):
    time.sleep(0.001)
    return n * 3


def classic():
    return helper(1)


async def modern():
    return helper(2)


if __name__ == "__main__":
    print(classic())
    print(asyncio.run(modern()))
