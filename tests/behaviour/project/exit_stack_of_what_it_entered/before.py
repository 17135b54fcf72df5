# case: expect = from contextlib import AsyncExitStack
# case: expect = inner = await stack.enter_async_context(Lease("outer"))
# case: expect = async with inner:
# case: expect = await stack.enter_async_context(session("s"))
from contextlib import ExitStack

from res import Lease
from use import session


def main():
    with ExitStack() as stack:
        inner = stack.enter_context(Lease("outer"))
        with inner:
            print(inner.name)
        print(stack.enter_context(session("s")))
    try:
        with ExitStack() as stack2:
            stack2.enter_context(session("failing"))
            raise ValueError("v")
    except ValueError as error:
        print("seen", error)


if __name__ == "__main__":
    main()
