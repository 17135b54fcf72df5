# case: args = --scope function
# case: unchanged
import asyncio


def load():
    with open("before.py") as handle:
        return len(handle.read()) > 10


async def main():
    print(load())


asyncio.run(main())
