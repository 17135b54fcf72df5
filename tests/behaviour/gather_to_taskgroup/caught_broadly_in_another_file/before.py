# case: args = --unsafe
# case: expect lib.py = TaskGroup
import asyncio

from lib import other, update


async def main():
    try:
        print(await update(1, -1))
    except Exception:
        print("failed")
    try:
        print(await other(-1))
    except KeyError as error:
        print("missing", error)
    print(await update(1, 2))


asyncio.run(main())
