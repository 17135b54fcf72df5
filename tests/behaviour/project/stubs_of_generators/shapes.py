import time
from contextlib import contextmanager
from typing import Iterator, overload


@overload
def rows(n: int) -> Iterator[int]: ...
@overload
def rows(n: str) -> Iterator[str]: ...
def rows(n):
    time.sleep(0.001)
    yield n


@contextmanager
def opened(n):
    time.sleep(0.001)
    yield n


class Shelf:
    @overload
    def take(self, n: int) -> int: ...
    @overload
    def take(self, n: str) -> str: ...
    def take(self, n):
        time.sleep(0.001)
        return n

    @overload
    def each(self, n: int) -> Iterator[int]: ...
    @overload
    def each(self, n: str) -> Iterator[str]: ...
    def each(self, n):
        time.sleep(0.001)
        yield n
