# case: unchanged
# Around a coroutine function, the sync context manager would end before the body runs.
import contextlib
import time


@contextlib.contextmanager
def timer():
    print("in")
    try:
        yield
    finally:
        print("out")


@timer()
def work():
    time.sleep(0.001)
    print("body")


def main():
    work()


if __name__ == "__main__":
    main()
