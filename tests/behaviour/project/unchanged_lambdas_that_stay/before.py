# case: unchanged
# Lambdas that nobody would await, that have no statement of their own, or whose name is asked for.
import time


def load(n):
    time.sleep(0.001)
    return n


def load_2(n):
    time.sleep(0.001)
    return n


def load_3(n):
    time.sleep(0.001)
    return n


def load_4(n):
    time.sleep(0.001)
    return n


def load_5(n):
    time.sleep(0.001)
    return n


key = lambda n: -load(n)
named = lambda n: load_2(n) + 0


class Box:
    get = lambda self, n: load_3(n) + 0


def make():
    pick = lambda n: load_4(n) + 0
    return pick


def main():
    first = second = lambda n: load_5(n) + 0
    print(sorted([1, 3], key=key), named.__name__, named(2), Box().get(3), make()(4), first(5), second(6))


if __name__ == "__main__":
    main()
