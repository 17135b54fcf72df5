# case: expect = asyncio.to_thread(subprocess.run
import asyncio
import subprocess

log = []


async def ticks():
    for number in range(3):
        log.append(number)
        await asyncio.sleep(0)


async def main():
    task = asyncio.create_task(ticks())
    subprocess.run(["true"])
    await task
    print(log)


asyncio.run(main())
