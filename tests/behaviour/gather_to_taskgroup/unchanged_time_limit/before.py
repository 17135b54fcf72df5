# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio


async def f(x):
    await asyncio.sleep(0)
    return x


async def main():
    try:
        await asyncio.wait_for(asyncio.gather(f(1), f(2)), 0)
    except asyncio.TimeoutError:
        print("at once")
    print(await asyncio.wait_for(asyncio.gather(f(1), f(2)), timeout=None))
    print(await asyncio.wait_for(fut=asyncio.gather(f(1), f(2)), timeout=1))
    print(await asyncio.shield(asyncio.gather(f(1), f(2))))


asyncio.run(main())
