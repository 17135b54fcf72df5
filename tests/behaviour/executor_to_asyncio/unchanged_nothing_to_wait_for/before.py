# case: unchanged
import asyncio
from concurrent.futures import wait


async def main():
    print(len(wait([]).done))


asyncio.run(main())
