# case: unchanged
import asyncio
import time


async def main():
    loop = asyncio.get_running_loop()
    futs = [loop.run_in_executor(None, time.sleep, 0.3) for _ in range(3)]
    start = time.monotonic()
    for fut in futs:
        await fut
    print(round(time.monotonic() - start, 1) < 0.7)


asyncio.run(main())
