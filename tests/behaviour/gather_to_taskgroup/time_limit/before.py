# case: args = --select gather_to_taskgroup,wait_for_to_timeout --unsafe --target-version 3.11
# case: expect = async with asyncio.timeout(5):
# case: expect = async with asyncio.TaskGroup() as tg:
# case: reject = wait_for
import asyncio


async def fetch(x, delay=0):
    await asyncio.sleep(delay)
    return x * 2


async def both():
    a, b = await asyncio.wait_for(asyncio.gather(fetch(1), fetch(2)), 5)
    print(a, b)
    await asyncio.wait_for(asyncio.gather(fetch(5), fetch(6)), 5)
    return await asyncio.wait_for(asyncio.gather(*[fetch(x) for x in range(3)]), timeout=5)


async def late():
    await asyncio.wait_for(asyncio.gather(fetch(1, 9), fetch(2)), 0.01)
    print("not here")


async def main():
    print(await both())
    task = asyncio.create_task(late())
    done, _ = await asyncio.wait([task])
    print(type(task.exception()) is TimeoutError)


asyncio.run(main())
