# case: unchanged
import itertools
import time


def price(n):
    time.sleep(0.001)
    return n * 2


def ticks():
    n = 0
    while True:
        time.sleep(0.001)
        yield n
        n += 1


def main():
    lazy = (price(n) for n in itertools.count())
    print(list(itertools.islice(lazy, 3)))
    print(list(itertools.takewhile(lambda n: n < 3, ticks())))
    print(list(zip("ab", ticks())))
    for n in map(price, itertools.count()):
        if n > 4:
            break
        print(n)


if __name__ == "__main__":
    main()
