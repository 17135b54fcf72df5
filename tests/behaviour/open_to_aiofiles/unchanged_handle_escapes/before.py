# case: unchanged
import asyncio


def count(handle):
    return sum(1 for _ in handle)


async def main():
    with open("before.py") as handle:
        print(list(map(count, [handle]))[0] > 3)


asyncio.run(main())
