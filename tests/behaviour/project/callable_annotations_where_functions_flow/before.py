# case: expect = def __init__(self, action: Callable[[int], Awaitable[int]]) -> None:
# case: expect = HANDLERS: dict[str, Callable[[int], Awaitable[int]]] = {
# case: expect = def pick(name: str) -> Callable[[int], Awaitable[int]]:
# case: expect = fallback: Callable[[int], Awaitable[int]] | None = None
# case: expect = plain: Callable[[int], int]
# case: expect = from collections.abc import Awaitable, Callable
import time
from collections.abc import Callable


def load(n: int) -> int:
    time.sleep(0.001)
    return n * 2


def store(n: int) -> int:
    time.sleep(0.001)
    return n + 1


def double(n: int) -> int:
    return 2 * n


class Job:
    def __init__(self, action: Callable[[int], int]) -> None:
        self.action = action

    def run(self, n: int) -> int:
        return self.action(n)


HANDLERS: dict[str, Callable[[int], int]] = {"load": load, "store": store}


def pick(name: str) -> Callable[[int], int]:
    return HANDLERS[name]


def go(n: int, fallback: Callable[[int], int] | None = None) -> int:
    if fallback is None:
        return n
    return fallback(n)


def calm(n: int, plain: Callable[[int], int] = double) -> int:
    return plain(n)


def main() -> None:
    print(Job(load).run(1), pick("store")(2), HANDLERS["load"](3))
    print(go(4), go(5, load), go(6, fallback=store), calm(7))


if __name__ == "__main__":
    main()
