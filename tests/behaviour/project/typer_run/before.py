# case: expect = async def _main(names: list[str]):
# case: expect = asyncio.run(_main(names))
# case: expect = await load(name)
import sys
import time

import typer


def load(name):
    time.sleep(0.001)
    return name * 2


def main(names: list[str] = typer.Argument(None)):
    """Doubles names."""
    for name in names or ["none"]:
        print(load(name))


if __name__ == "__main__":
    sys.argv[1:] = ["a", "b"]
    typer.run(main)
