# case: unchanged
# The body of an `async with` may await, and would hold the lock all the time.
import threading
import time
from contextlib import contextmanager

lock = threading.Lock()


@contextmanager
def exclusive():
    with lock:
        time.sleep(0.001)
        yield "held"


def main():
    with exclusive() as state:
        print(state)


if __name__ == "__main__":
    main()
