# case: args = --scope project --seed all --unsafe
# case: expect = loader = await asyncio.to_thread(Loader, "a")
# case: expect = slot = Slot("b")
# case: expect = slow = await asyncio.to_thread(Slow().label)
# case: expect = quick = Quick().label()
# case: expect = await asyncio.to_thread(any_of(1).label)
"""What blocks in one class does not block in another that has a base or a protocol in common with it."""

import asyncio
import time
from typing import Protocol


class Source(Protocol):
    def __init__(self, name: str) -> None: ...

    def read(self) -> str: ...


class Slot:
    def __init__(self, name: str) -> None:
        self.name = name

    def read(self) -> str:
        return f"slot {self.name}"


class Loader:
    def __init__(self, name: str) -> None:  # awaitify: keep-sync
        time.sleep(0.01)
        self.name = name

    def read(self) -> str:  # awaitify: keep-sync
        time.sleep(0.01)
        return f"loader {self.name}"


class Base:
    def label(self) -> str:
        return "base"


class Slow(Base):
    def label(self) -> str:  # awaitify: keep-sync
        time.sleep(0.01)
        return "slow"


class Quick(Base):
    def label(self) -> str:
        return super().label() + " quick"


def any_of(number: int) -> Base:
    return [Slow(), Quick()][number]


async def main() -> None:
    loader = Loader("a")
    slot = Slot("b")
    print(loader.read(), slot.read())
    slow = Slow().label()
    quick = Quick().label()
    print(slow, quick, any_of(1).label())


asyncio.run(main())
