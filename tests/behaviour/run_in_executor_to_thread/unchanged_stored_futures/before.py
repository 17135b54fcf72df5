# case: unchanged
import asyncio
import time


async def main():
    loop = asyncio.get_running_loop()
    futs = [loop.run_in_executor(None, time.sleep, 1) for _ in range(3)]
    start = time.monotonic()
    for fut in futs:
        await fut
    print(time.monotonic() - start < 2.5)


asyncio.run(main())
