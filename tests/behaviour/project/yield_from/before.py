# case: expect = in walk(child):
# case: expect = in rows(2):
# case: expect = in [10, 11]:
# case: reject = yield from
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield i


def walk(tree):
    time.sleep(0.001)
    yield tree[0]
    for child in tree[1:]:
        yield from walk(child)


def both():
    yield from rows(2)
    yield from [10, 11]


def main():
    print(list(both()), list(walk([3, [2, [1]], [0]])))
    for item in both():
        print(item)


if __name__ == "__main__":
    main()
