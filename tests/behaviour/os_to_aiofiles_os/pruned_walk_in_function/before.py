# case: expect = for root, dirs, files in os.walk("r"):
# case: expect = await aiofiles.os.makedirs("r/keep/x")
import asyncio
import os


async def main():
    os.makedirs("r/keep/x")
    os.makedirs("r/skip/y")
    for root, dirs, files in os.walk("r"):
        dirs[:] = sorted(d for d in dirs if d != "skip")
        print(root)


asyncio.run(main())
