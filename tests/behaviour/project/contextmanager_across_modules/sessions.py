import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def session(name: str) -> Iterator[str]:
    time.sleep(0.001)
    print("open", name)
    try:
        yield name.upper()
    finally:
        time.sleep(0.001)
        print("close", name)


class Store:
    def __init__(self):
        self.log = []

    @contextlib.contextmanager
    def transaction(self, name):
        with session(name) as upper:
            self.log.append(f"begin {upper}")
            try:
                yield
            except ValueError:
                self.log.append("rollback")
                raise
