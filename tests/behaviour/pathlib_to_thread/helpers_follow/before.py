# case: expect = async def load
# case: expect = await load(
import asyncio
from pathlib import Path


def load(path: Path) -> str:
    if not path.exists():
        return "none"
    return path.read_text()


def both(first: Path, second: Path):
    return [load(first), load(second)]


async def main():
    Path("a").write_text("x")
    print(both(Path("a"), Path("b")))


asyncio.run(main())
