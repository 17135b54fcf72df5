# case: expect = Awaitable[int]]
# case: expect = AsyncIterator[int]
# case: expect = await action(
# case: expect = async def load(n: int) -> int:
# case: expect = async def ids(
from __future__ import annotations

import time
from collections.abc import Callable, Iterator


def load(n: int) -> int:
    time.sleep(0.001)
    return n * 2


def run(action: Callable[[int], int], n: int) -> int:
    return action(n) + 1


def ids(n: int) -> Iterator[int]:
    for i in range(n):
        yield load(i)


def main() -> None:
    print(run(load, 3), [i for i in ids(2)])


if __name__ == "__main__":
    main()
