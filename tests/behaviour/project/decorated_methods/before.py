# case: expect = async def both(self, x):
# case: expect = return await fn(self, *args)
# case: expect = await super().get(x) + 1
# case: reject = async def command(
# case: reject = async def plain(
# Methods, overrides, and decorators that are methods themselves.
import functools
import time


def logged(fn):
    @functools.wraps(fn)
    def wrapper(self, *args):
        print("log", type(self).__name__)
        return fn(self, *args)

    return wrapper


class Registry:
    def __init__(self):
        self.names = []

    def command(self, name):
        def decorate(fn):
            self.names.append(name)

            @functools.wraps(fn)
            def wrapper(*args):
                print("command", name)
                return fn(*args)

            return wrapper

        return decorate

    @staticmethod
    def plain(fn):
        @functools.wraps(fn)
        def wrapper(*args):
            return fn(*args)

        return wrapper


registry = Registry()


class Store:
    @logged
    def get(self, x):
        time.sleep(0.001)
        return x

    @staticmethod
    @Registry.plain
    def fixed(x):
        time.sleep(0.001)
        return x

    @classmethod
    @Registry.plain
    def made(cls, x):
        return cls.fixed(x)

    @logged
    def both(self, x):
        return self.get(x) + self.fixed(x) + self.made(x)


class Cached(Store):
    def get(self, x):
        return super().get(x) + 1


@registry.command("sum")
def total(n):
    return Store().both(n) + Cached().both(n)


def main():
    print(total(1), registry.names, Store.fixed(5))


if __name__ == "__main__":
    main()
