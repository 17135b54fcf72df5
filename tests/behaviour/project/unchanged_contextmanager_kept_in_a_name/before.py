# case: unchanged
# What holds the context manager may enter it where nobody awaits.
import time
from contextlib import contextmanager


@contextmanager
def session(name):
    time.sleep(0.001)
    print("open", name)
    yield name
    print("close", name)


def main():
    kept = session("a")
    with kept as name:
        print(name)
    with session("b") as name:
        print(name)


if __name__ == "__main__":
    main()
