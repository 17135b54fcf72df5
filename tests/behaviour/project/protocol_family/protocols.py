from typing import Protocol


class Source(Protocol):
    def name(self) -> str: ...

    def read(self, n: int) -> str: ...
