# case: expect = async for item in rows(n):
# case: expect = for item in await names(item_count):
# case: expect = for item in (
import time
from typing import Iterator


def names(n):
    time.sleep(0.001)
    return [f"name{i}" for i in range(n)]


def rows(n) -> Iterator[int]:
    for i in range(n):
        time.sleep(0.001)
        yield i


class Tree:
    def __init__(self, value, *children):
        self.value = value
        self.children = children


def walk(tree):
    yield tree.value
    for child in tree.children:
        yield from walk(child)  # in order
    if not tree.children:
        yield from rows(tree.value)


def both(n, item_count):
    yield from rows(n)
    yield from names(item_count)
    yield from (
        # kept
        "x" * n
    )
    yield from list(rows(n))


def main():
    tree = Tree(1, Tree(2, Tree(1)), Tree(3))
    print(list(walk(tree)))
    for item in both(2, 3):
        print(item)


if __name__ == "__main__":
    main()
