# case: args = --scope project --seed all --unsafe
# case: expect = await load(
# case: expect = await twice(
import time


def load(n):
    time.sleep(0.001)
    return n * 10


def main():
    twice = lambda n: load(n) * 2
    plain = lambda n: load(n)
    print(twice(1), twice(2), plain(3))


if __name__ == "__main__":
    main()
