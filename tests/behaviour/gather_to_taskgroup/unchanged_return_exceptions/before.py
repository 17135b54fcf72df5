# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio


async def fail(key):
    raise ValueError(key)


async def pair():
    return await asyncio.gather(fail(1), save(2))


async def save(key):
    await asyncio.sleep(0)
    print("saved", key)


async def main():
    print(await asyncio.gather(fail(1), fail(2), return_exceptions=True))
    print(await asyncio.gather(pair(), pair(), return_exceptions=True))
    await asyncio.sleep(0.01)


asyncio.run(main())
