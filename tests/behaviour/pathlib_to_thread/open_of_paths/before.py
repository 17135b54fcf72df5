# case: expect = async with aiofiles.open(path / "a", "w") as f:
import asyncio
import json
from pathlib import Path


async def main():
    path = Path("d")
    path.mkdir()
    with (path / "a").open("w") as f:
        json.dump([1], f)
    with path.joinpath("a").open() as f:
        print(json.load(f))
    print((path / "a").open().read())
    f = (path / "a").open("rb")
    try:
        print(f.read(), f.name)
    finally:
        f.close()


asyncio.run(main())
