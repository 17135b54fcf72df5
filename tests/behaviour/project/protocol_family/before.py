# case: expect = await source.read(
# case: expect protocols.py = async def read(self
# case: expect sources.py = async def read(self, n: int) -> str:
# case: reject sources.py = async def name(
from protocols import Source
from sources import Constant, Slow


def read_all(sources: list[Source]) -> list[str]:
    return [source.name() + source.read(2) for source in sources]


def main() -> None:
    print(read_all([Constant("c"), Slow()]))


if __name__ == "__main__":
    main()
