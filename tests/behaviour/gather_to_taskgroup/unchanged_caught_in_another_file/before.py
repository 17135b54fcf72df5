# case: args = --unsafe
# case: unchanged
import asyncio
import contextlib

from service import refresh


async def main():
    for key in (1, -1):
        try:
            print(await refresh(key, 2))
        except KeyError as error:
            print("missing", error)
    with contextlib.suppress(KeyError):
        await refresh(3, -3)


asyncio.run(main())
