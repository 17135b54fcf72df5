import time
from collections.abc import Iterator


class Pages:
    def __init__(self, count):
        self.left = iter(range(count))

    def __iter__(self) -> "Pages":
        return self

    def __next__(self) -> str:
        time.sleep(0.001)
        number = next(self.left, None)
        if number is None:
            raise StopIteration from None
        return f"page {number}"


class Feed:
    def __init__(self, count):
        self.pages = Pages(count)

    def __iter__(self) -> Iterator[str]:
        for page in self.pages:
            yield page
