# case: expect = aiofiles.open
import asyncio
import os
from pathlib import Path


class Store:
    def __init__(self, folder):
        self.folder = Path(folder)

    async def save(self, name, *lines, append=False):
        path = self.folder / name
        with open(path, "a" if append else "w", encoding="utf-8") as out:
            for line in lines:
                out.write(line + "\n")
            out.flush()
        return os.path.getsize(path)

    async def load(self, name, default=None):
        try:
            with open(self.folder / name, encoding="utf-8") as handle:
                if default is None:
                    return handle.read().splitlines()
                return [handle.readline().strip() or default]
        except FileNotFoundError as error:
            return f"missing {os.path.basename(error.filename)}"


async def main():
    store = Store(".")
    print(await store.save("a.txt", "one", "two"))
    print(await store.save("a.txt", "three", append=True))
    print(await store.load("a.txt"), await store.load("a.txt", "x"), await store.load("b.txt"))
    print(await asyncio.gather(*[store.save(f"{i}.txt", "x" * i) for i in range(3)]))


asyncio.run(main())
