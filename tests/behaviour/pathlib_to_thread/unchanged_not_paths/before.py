# case: unchanged
import asyncio
from pathlib import PurePath


class Shelf:
    def read_text(self):
        return "text"

    def exists(self):
        return True


async def show(shelf):
    return shelf.read_text(), shelf.exists(), "a-b".replace("-", "+")


async def main():
    print(await show(Shelf()), PurePath("a/b").parent.name)


asyncio.run(main())
