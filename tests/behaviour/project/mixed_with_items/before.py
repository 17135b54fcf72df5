# case: expect = async with
# case: expect = session("a")
# case: expect = suppress(KeyError)
# case: reject = async with suppress
# Async and sync items in one statement: the order of entering and leaving stays.
import time
from contextlib import contextmanager, suppress


@contextmanager
def session(name):
    time.sleep(0.001)
    print("open", name)
    try:
        yield name
    finally:
        print("close", name)


@contextmanager
def plain(name):
    print("plain", name)
    yield name
    print("end", name)


def main():
    with plain("p"), session("a") as a, plain("q" + a), session("b"):
        print("body")
    with suppress(KeyError), session("c"):
        raise KeyError


if __name__ == "__main__":
    main()
