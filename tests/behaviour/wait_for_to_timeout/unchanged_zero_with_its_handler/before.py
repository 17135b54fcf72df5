# With `timeout(0)` the coroutine would print before it is cancelled.
# case: unchanged
import asyncio


async def quick():
    print("ran")
    return 1


async def main():
    try:
        print(await asyncio.wait_for(quick(), 0))
    except asyncio.TimeoutError:
        print("timeout")


asyncio.run(main())
