# case: expect = stack = contextlib.AsyncExitStack()
# case: expect = r = await stack.enter_async_context(Lease("a"))
# case: expect = p = stack.enter_context(plain("b"))
# case: expect = stack.push(lambda
# case: expect = await stack.aclose()
# case: expect = async with contextlib.AsyncExitStack() as s, Lease("z"):
# case: expect = with contextlib.ExitStack() as other:
# case: expect = other.enter_context(plain("stays"))
import contextlib
from contextlib import contextmanager

from res import Lease


@contextmanager
def plain(n):
    print("in", n)
    yield n
    print("out", n)


def main():
    stack = contextlib.ExitStack()
    try:
        r = stack.enter_context(Lease("a"))
        p = stack.enter_context(plain("b"))
        stack.callback(print, "callback")
        stack.push(lambda *exc: print("pushed", exc))
        print(r.name, p)
    finally:
        stack.close()
    with contextlib.ExitStack() as s, Lease("z"):
        for n in "xy":
            s.enter_context(Lease(n))
    with contextlib.ExitStack() as other:
        print(other.enter_context(plain("stays")))


if __name__ == "__main__":
    main()
