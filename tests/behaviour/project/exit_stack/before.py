# case: expect = AsyncExitStack()
# case: expect = await stack.enter_async_context(session(
# case: expect = stack.callback(print, "callback")
import time
from contextlib import ExitStack, contextmanager


@contextmanager
def session(name):
    time.sleep(0.001)
    print("open", name)
    try:
        yield name
    finally:
        time.sleep(0.001)
        print("close", name)


def main():
    with ExitStack() as stack:
        stack.callback(print, "callback")
        names = [stack.enter_context(session(name)) for name in "ab"]
        print(names)


if __name__ == "__main__":
    main()
