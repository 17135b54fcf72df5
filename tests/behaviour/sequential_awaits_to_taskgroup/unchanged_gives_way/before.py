# case: args = --select sequential_awaits_to_taskgroup --unsafe
# case: unchanged
import asyncio

log = []


async def slow():
    for turn in range(50):
        log.append(turn)
        await asyncio.sleep(0)


async def main():
    task = asyncio.create_task(slow())
    # Twenty turns of the loop: so far the task gets meanwhile.
    for _ in range(20):
        await asyncio.sleep(0)
    print(len(log))
    await task


asyncio.run(main())
