# case: unchanged
# StopIteration cannot leave a coroutine.
import time


def first(iterator):
    time.sleep(0.001)
    return next(iterator)


def main():
    print(first(iter([1])))
    try:
        first(iter([]))
    except StopIteration:
        print("empty")


if __name__ == "__main__":
    main()
