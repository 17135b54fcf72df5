# case: expect = def retry(fn=None, *, times=2):
# case: expect = async def inner(*args):
# case: expect = async def stand_in(value: int) -> int:
# case: expect = results = [await run(), await run()]
# case: reject = await load.clear()
# case: reject = async def decorate(
# With and without arguments, wrappers that carry attributes, helpers within wrappers.
import functools
import time
from typing import cast


def retry(fn=None, *, times=2):
    if fn is None:
        return functools.partial(retry, times=times)

    @functools.wraps(fn)
    def wrapper(*args):
        for attempt in range(times):
            try:
                return fn(*args)
            except ValueError:
                print("again", attempt)
                time.sleep(0.001)

    return wrapper


def traced(_fn=None, *, label="plain"):
    def decorate(fn):
        def inner(*args):
            print("in", label, fn.__name__)
            result = fn(*args) if args else fn(0)
            print("out", label)
            return result

        return functools.update_wrapper(inner, fn)

    return decorate if _fn is None else decorate(_fn)


def typed(fn):
    @functools.wraps(fn)
    def stand_in(value: int) -> int:
        return fn(value)

    return cast("object", stand_in)


def twice(fn):
    def wrapper(*args):
        def run():
            return fn(*args)

        results = [run(), run()]
        return results

    return wrapper


def remembered(fn):
    seen = {}

    @functools.wraps(fn)
    def wrapper(key):
        if key in seen:
            return seen[key]
        result = fn(key)
        seen[key] = result
        return result

    def clear():
        seen.clear()

    wrapper.clear = clear
    wrapper.seen = seen
    return wrapper


@retry
def flaky(n):
    if n:
        raise ValueError(n)
    return "fine"


@retry(times=3)
def flakier(n):
    time.sleep(0.001)
    return flaky(n)


@traced
def plain(n):
    time.sleep(0.001)
    return n


@traced(label="named")
def named(n):
    return plain(n) + 1


@typed
def double(n):
    time.sleep(0.001)
    return n * 2


@twice
def pair(n):
    return double(n)


@remembered
def load(n):
    print("load", n)
    time.sleep(0.001)
    return n * 10


def main():
    print(flaky(1), flaky(0), flakier(1), flakier(0))
    print(plain(1), named(2), double(3), pair(4))
    print(load(1), load(1), len(load.seen))
    load.clear()
    print(load(1), load.seen)


if __name__ == "__main__":
    main()
