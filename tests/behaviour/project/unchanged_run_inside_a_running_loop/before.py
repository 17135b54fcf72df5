# case: unchanged
# `report` is a callback of the loop: nothing can await it, and `asyncio.run` cannot stand below it.
import asyncio
import time


def report(n):
    time.sleep(0.001)
    print("report", n)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(report, 1)
    await asyncio.sleep(0.01)


asyncio.run(main())
