# case: expect = await asyncio.to_thread(self.folder.mkdir
# case: expect = await asyncio.to_thread(path.read_text)
import asyncio
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Store:
    folder: Path

    def at(self, name: str) -> Path:
        return self.folder / name

    async def put(self, name, text):
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
        return self.at(name).write_text(text)

    async def all(self):
        return [path.read_text() for path in sorted(self.folder.iterdir())]


async def load(path: Path):
    try:
        return path.read_text()
    except FileNotFoundError as error:
        return error.filename


async def main():
    store = Store(Path("x/y"))
    print(await store.put("a", "one"), await store.put("b", "two"), await store.all())
    print(await load(Path("x") / "y" / "a"), await load(Path("nope")))
    path = Path("x/y/a")
    path = path.rename(path.with_suffix(".txt"))
    print(path, path.exists(), path.parent.is_dir(), path.resolve().parent.name, path.stat().st_size)
    path.unlink()
    path.unlink(missing_ok=True)
    print(sorted(p.name for p in Path("x").rglob("*")), [p.name for p in Path("x").glob("*")])


asyncio.run(main())
