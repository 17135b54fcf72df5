# case: expect = await self._fetch(
# case: expect = await self.one(
# case: expect = async def all(
# case: expect = def label(self
# case: reject = async def label(
# case: reject = await self.label(
# case: reject = await self._on_item(
import time


class Reader:
    def __init__(self, names, on_item=print):
        self.names = names
        self._on_item = on_item

    def _fetch(self, name):
        time.sleep(0.001)
        return len(name)

    def label(self, name):
        return f"<{name}>"

    def one(self, name):
        return self.label(name), self._fetch(name)

    def all(self):
        for name in self.names:
            self._on_item(self.one(name))
        return len(self.names)


def main():
    reader = Reader(["a", "bcd"])
    print(reader.all(), reader.one("xy"), reader.label("z"))


if __name__ == "__main__":
    main()
