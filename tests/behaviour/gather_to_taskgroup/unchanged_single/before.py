# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio


async def f(x):
    return x


async def main():
    print(await asyncio.gather(f(1)))
    same = f(2)
    print(await asyncio.gather(same, same))
    tasks = [asyncio.create_task(f(x)) for x in range(3)]
    for task in tasks:
        task.cancel()
    print(len(await asyncio.gather(*tasks, return_exceptions=True)))


asyncio.run(main())
