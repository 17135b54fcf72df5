# case: args = --unsafe --target-version 3.12
# case: unchanged
import asyncio


async def quick():
    print("ran")
    return 1


async def main():
    try:
        print(await asyncio.wait_for(quick(), 0))
    except TimeoutError:
        print("timeout")


asyncio.run(main())
