# case: expect = async def load(
# case: expect = print(await load(1))
# case: expect =     def wrapper(*args):
# case: expect = return two(2)
# The decorator has a wrapper for each colour, so every decorated function has its own.
import functools
import inspect
import time


def announced(fn):
    if inspect.iscoroutinefunction(fn):

        @functools.wraps(fn)
        async def wrapper(*args):
            print("before", fn.__name__)
            return await fn(*args)

    else:

        @functools.wraps(fn)
        def wrapper(*args):
            print("before", fn.__name__)
            return fn(*args)

    return wrapper


@announced
def load(n):
    time.sleep(0.001)
    return n


@announced
def two(n):
    return n


class Box:
    def __len__(self):
        return two(2)


def main():
    print(len(Box()))
    print(load(1))


if __name__ == "__main__":
    main()
