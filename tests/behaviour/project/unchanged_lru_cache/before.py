# case: unchanged
import functools
import time


@functools.lru_cache(maxsize=None)
def load(x):
    time.sleep(0.001)
    print("load", x)
    return x * 2


@functools.cache
def other(x):
    time.sleep(0.001)
    return x


def main():
    print(load(1), load(1), load(2), other(3), other(3))


if __name__ == "__main__":
    main()
