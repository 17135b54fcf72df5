# case: unchanged
import time

from tools import logged


@logged
def one(x):
    time.sleep(0.001)
    return x


def main():
    print(one(1))


if __name__ == "__main__":
    main()
