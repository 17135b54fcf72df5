# case: unchanged
# `apply` is also called with functions that are no coroutine functions.
import time


def double(x):
    time.sleep(0.001)
    return x * 2


def apply(action, x):
    return action(x)


def main():
    print(apply(double, 3), apply(str, 4), apply(lambda x: x, 5))


if __name__ == "__main__":
    main()
