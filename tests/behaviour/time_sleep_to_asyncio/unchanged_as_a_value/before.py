# case: unchanged
import asyncio
import time


def call(function, *args):
    return function(*args)


async def main():
    print(call(time.sleep, 0.01))


asyncio.run(main())
