# case: args = --seed all
# case: expect = await asyncio.to_thread((p / "a").write_text
from pathlib import Path
def main():
    p = Path("d"); p.mkdir(exist_ok=True)
    print((p / "a").write_text("héllo", encoding="utf-8"), (p / "b").write_bytes(b"xy"))
    print((p / "a").read_text("utf-8"), (p / "b").read_bytes(), (p / "a").exists(), (p / "z").exists())
    print((p / "a").stat().st_size, (p / "a").is_file(), sorted(x.name for x in p.iterdir()), [type(x).__name__ for x in p.glob("a")])
    with (p / "a").open("a", encoding="utf-8") as f: f.write("!")
    (p / "a").rename(p / "c"); (p / "b").unlink()
    for x in p.iterdir(): print(x.name, x.read_text(encoding="utf-8"))
main()
