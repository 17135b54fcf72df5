# case: unchanged
# py>=3.9
import asyncio, time
async def main():
    loop = asyncio.get_running_loop()
    futs = [loop.run_in_executor(None, time.sleep, .3) for _ in range(3)]
    t = time.monotonic()
    for f in futs: await f
    print(round(time.monotonic() - t, 1) < .7)
asyncio.run(main())
