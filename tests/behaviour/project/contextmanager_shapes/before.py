# case: expect = @asynccontextmanager
# case: expect = @staticmethod
# case: expect = async with Pool.lease("a") as one, Pool.lease("b") as two:
# case: expect = -> AsyncGenerator[str, None]:
# case: expect = -> typing.AsyncIterator[str]:
# case: reject = import contextmanager
import time
import typing
from collections.abc import Generator
from contextlib import contextmanager as manager


class Pool:
    @staticmethod
    @manager
    def lease(name) -> Generator[str, None, None]:
        print("lease", name)
        time.sleep(0.001)
        yield name
        print("return", name)


@manager
def nested(name) -> typing.Iterator[str]:
    with Pool.lease(name) as one:
        try:
            yield one + "!"
        except KeyError:
            print("swallowed")
        else:
            print("fine")


def early(names):
    for name in names:
        with nested(name) as text:
            if name == "b":
                return text
            continue
    return None


def main():
    with Pool.lease("a") as one, Pool.lease("b") as two:
        print(one, two)
    with nested("k"):
        raise KeyError
    with nested("f"), open(__file__) as f:
        print(f.readline()[:6])
    print(early("abc"))
    try:
        with nested("v"): raise ValueError("v")
    except ValueError as error:
        print(repr(error))
    with nested("stop"):
        pass


if __name__ == "__main__":
    with nested("guard") as text:
        print(text)
    main()
