# case: unchanged
import inspect
import time


def load(n):
    time.sleep(0.001)
    return n


def rows(n):
    time.sleep(0.001)
    yield n


def main():
    print(inspect.iscoroutinefunction(load), inspect.isgeneratorfunction(rows), inspect.isgenerator(rows(1)))
    print(load(1), list(rows(2)))


if __name__ == "__main__":
    main()
