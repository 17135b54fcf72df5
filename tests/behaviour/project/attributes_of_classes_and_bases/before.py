# case: expect = await self.shared.get(1)
# case: expect = await self.own.get(2)
# case: expect = await self.lazy.get(3)
# case: expect = await Child.shared.get(4)
# case: expect = await self.row.client.get(5)
# case: reject = async def lazy(
import time
from typing import NamedTuple


class Client:
    def get(self, n):
        time.sleep(0.001)
        return n


class Row(NamedTuple):
    name: str
    client: Client


class Base:
    shared = Client()

    def __init__(self):
        self.own = Client()
        self.row = Row("r", self.own)

    @property
    def lazy(self) -> Client:
        return self.own


class Child(Base):
    def run(self):
        return [self.shared.get(1), self.own.get(2), self.lazy.get(3), Child.shared.get(4), self.row.client.get(5)]


def main():
    print(Child().run())


if __name__ == "__main__":
    main()
