# case: unchanged
# A module may be what a protocol describes: its functions are no methods of it.
from typing import Protocol

import git


class System(Protocol):
    def tracked(self, path: str) -> list: ...


def identify() -> System:
    return git


def main():
    print(identify().tracked("x"))


if __name__ == "__main__":
    main()
