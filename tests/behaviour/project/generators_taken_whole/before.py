# case: expect = print([item_2 async for item_2 in rows(3)], tuple([item_2 async for item_2 in rows(2)])
# case: expect = print(*[item_2 async for item_2 in rows(2)], [*[item_2 async for item_2 in rows(1)], 9])
# case: expect = sum([item_2 async for item_2 in rows(4)], 10)
# case: expect = {n: sum([item async for item in rows(n)]) for n in range(3)}
# case: expect = ",".join([str(row) async for row in rows(2)])
# case: expect = async for row in rows(2):
import time
from collections.abc import Generator


def rows(n) -> Generator[int, None, None]:
    for i in range(n):
        time.sleep(0.001)
        print("row", i)
        yield i


def letters():
    yield from "ab"
    time.sleep(0)


def main(item):
    print(list(rows(3)), tuple(rows(2)), f"{set(rows(1))}")
    print(*rows(2), [*rows(1), 9])
    print(sum(rows(4), 10), sorted(rows(3), reverse=True, key=lambda n: n % 2))
    print(max(rows(2)), min(rows(0), default=None), frozenset(rows(1)))
    print("-".join(letters()), item)
    print(list(  # all
        rows(1)
    ))


def totals():
    print({n: sum(rows(n)) for n in range(3)}, [list(rows(n)) for n in (1, 2)])
    print(",".join(str(row) for row in rows(2)), sorted(sum(rows(n)) for n in (2, 1)))


if __name__ == "__main__":
    main("item")
    totals()
    for row in rows(2):
        print(row)
