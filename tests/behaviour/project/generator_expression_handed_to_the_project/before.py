# case: may stay
# case: expect = await load(
# Lazy before: the first item is used before the second is loaded.
import time


def load(n):
    time.sleep(0.001)
    print("load", n)
    return n


def show(items):
    for item in items:
        print("show", item)


def main():
    show(load(n) for n in range(2))


if __name__ == "__main__":
    main()
