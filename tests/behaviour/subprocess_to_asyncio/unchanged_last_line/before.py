# case: unchanged
import asyncio
import os


async def main():
    lines = os.popen("echo one; echo two")
    for line in lines:
        pass
    print(line)


asyncio.run(main())
