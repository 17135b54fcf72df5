# case: expect = lambda: sorted(top.iterdir())
import asyncio
from pathlib import Path


async def main():
    top = Path("t")
    for name in "cab":
        (top / name).mkdir(parents=True)
        (top / name / "f.txt").touch()
    for path in sorted(top.iterdir()):
        for inner in path.iterdir():
            inner.rename(inner.with_name("g.txt"))
    print(sorted(str(path) for path in top.rglob("*.txt")))
    print(len(list(top.iterdir())), any(top.iterdir()), max(top.iterdir(), key=str), sorted(top.glob("[ab]")))
    for path in top.iterdir():
        for inner in path.glob("*"):
            inner.unlink()
        path.rmdir()
    print(list(top.iterdir()), [*top.iterdir()])
    try:
        for path in Path("nope").iterdir():
            print(path)
    except FileNotFoundError as error:
        print(error.filename)


asyncio.run(main())
