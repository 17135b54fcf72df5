# case: expect = asyncio.to_thread(time.sleep, 0.01)
# case: expect = await asyncio.sleep(0.02)
import asyncio
import time


async def late(deadline):
    try:
        time.sleep(deadline - time.monotonic())
    except ValueError:
        return "too late"


async def main():
    await asyncio.to_thread(time.sleep, 0.01)
    print(await late(time.monotonic() - 1))
    time.sleep(0.02)


asyncio.run(main())
