# case: expect = asyncio.sleep(
# case: reject = nap(
import asyncio
import time as t
from time import sleep as nap


async def worker(name, pause):
    start = t.monotonic()
    nap(pause)
    t.sleep(secs := 0.01)
    print(name, t.monotonic() - start >= pause, secs)
    return [nap(0), t.sleep(0)]


async def main():
    print(await worker("a", 0.02))


asyncio.run(main())
