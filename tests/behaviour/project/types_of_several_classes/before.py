# case: expect = await source.fetch_rows(2)
# case: expect = await self.source.fetch_rows(1)
# case: expect = await pick(n).fetch_rows(n)
import time
from typing import Optional, Union


class Slow:
    def fetch_rows(self, n):
        time.sleep(0.001)
        return list(range(n))


class Fast:
    def fetch_rows(self, n):
        return [0] * n


class Holder:
    def __init__(self, fast: bool):
        if fast:
            self.source = Fast()
        else:
            self.source = Slow()

    def rows(self):
        return self.source.fetch_rows(1)


def rows(source: Union[Slow, "Fast", None]):
    return source.fetch_rows(2) if source else []


def pick(n):
    if n % 2:
        return Slow()
    return Fast()


def maybe(source: Optional[Slow] = None):
    source = source or Fast()
    return source.fetch_rows(3)


def main():
    print(rows(Slow()), rows(Fast()), rows(None))
    print(Holder(True).rows(), Holder(False).rows())
    for n in range(3):
        print(pick(n).fetch_rows(n))
    print(maybe(), maybe(Slow()))


if __name__ == "__main__":
    main()
