# case: args = --scope project
# case: expect = async def version(
import asyncio
import subprocess
import sys


def version():
    return subprocess.check_output([sys.executable, "-c", "print(3)"]).decode().strip()


async def main():
    print(version())


asyncio.run(main())
