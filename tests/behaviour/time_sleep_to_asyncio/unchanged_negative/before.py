# case: unchanged
import asyncio
import time


async def main():
    try:
        time.sleep(-1)
    except ValueError:
        print("ValueError")


asyncio.run(main())
