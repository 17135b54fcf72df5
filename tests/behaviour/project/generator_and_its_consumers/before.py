# case: expect = async for r in rows(4)
# case: expect = async def rows(
# case: expect = async def _first(
# case: expect = AsyncIterator[int]
import time
from collections.abc import Iterator


def rows(n) -> Iterator[int]:
    for i in range(n):
        if i == 3:
            return
        time.sleep(0.001)
        yield i


def _first(n):
    for r in rows(n):
        return r
    return None


def main():
    for r in rows(4):
        print("row", r)
    else:
        print("no break")
    print(list(rows(5)), tuple(rows(2)), sorted(rows(3), reverse=True), sum(rows(4)), max(rows(2)))
    print([r + 1 for r in rows(2) if r], {r: r for r in rows(2)}, ",".join(str(r) for r in rows(2)))
    print(set(rows(1)), *rows(2))
    for i, r in enumerate(rows(2), 1):
        print(i, r)
    a, b = rows(2)
    print(a, b, _first(2), _first(0))
    stored = rows(2)
    for r in stored:
        print("stored", r)


if __name__ == "__main__":
    main()
