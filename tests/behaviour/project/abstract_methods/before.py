# case: expect stores/base.py = async def read(
# case: expect stores/base.py = await self.read(
# case: expect stores/memory.py = async def read(
# case: expect stores/slow.py = async def read(
# case: expect = await store.describe(
# case: keep stores/__init__.py
from stores import Memory, Slow


def main():
    for store in (Memory({"a": 1}), Slow()):
        print(store.describe("a"))


if __name__ == "__main__":
    main()
