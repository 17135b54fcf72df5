# case: args = --seed all
# case: reject = aiofiles
import asyncio, os, shutil, csv, json
from pathlib import Path
from tempfile import NamedTemporaryFile as NTF, TemporaryDirectory

class Store:
    root: Path
    def __init__(self, root):
        self.root = Path(root)
    @property
    def index(self):
        return self.root / "index.json"
    def load(self):
        try:
            with self.index.open() as f:
                return json.load(f)
        except FileNotFoundError:
            return {}
    def save(self, data):
        self.root.mkdir(exist_ok=True)
        tmp = self.index.with_suffix(".tmp")
        tmp.write_text(json.dumps(data))
        tmp.replace(self.index)
    def __contains__(self, name):
        return (self.root / name).exists()
    def __len__(self):
        return len(list(self.root.iterdir()))

def sizes(names):
    return {n: os.path.getsize(n) for n in names if os.path.isfile(n)}

def newest(names):
    return max(names, key=os.path.getmtime) and sorted(names, key=lambda n: os.stat(n).st_size)[-1]

def copytree(a, b):
    for root, dirs, files in os.walk(a):
        rel = os.path.relpath(root, a)
        for d in dirs:
            os.makedirs(os.path.join(b, rel, d), exist_ok=True)
        for n in files:
            os.makedirs(os.path.join(b, rel), exist_ok=True)
            shutil.copy(os.path.join(root, n), os.path.join(b, rel, n))

def report(rows, path):
    total = 0
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["k", "v"])
        for k, v in rows:
            if v < 0: continue
            out.writerow([k, v]); total += v
    with open(path) as f: head, *rest = f
    with open(path) as f: a, b = (l.strip() for l in list(f)[:2])
    return total, head.strip(), len(rest), a, b

def cond(p, q):
    return open(p).read() if os.path.exists(p) else (open(q).read() if os.path.exists(q) else None)

def tmp():
    with NTF("w+", delete=False) as f:
        f.write("x\ny\n"); f.seek(0)
        n = sum(1 for _ in f)
    os.unlink(f.name)
    with TemporaryDirectory() as d, open(os.path.join(d, "a"), "w") as g:
        print("z", file=g)
    return n, os.path.exists(d)

def chunks(p):
    h = 0
    with open(p, "rb") as f:
        for block in iter(lambda: f.read(2), b""):
            h = h * 31 + sum(block)
    return h

async def main():
    s = Store("st"); print(s.load()); s.save({"a": 1}); print(s.load(), "index.json" in s, len(s))
    Path("one").write_text("1"); Path("two").write_text("22")
    print(sizes(["one", "two", "three"]), newest(["one", "two"]))
    os.makedirs("t/u"); Path("t/u/x").write_text("x"); copytree("t", "v"); print(sorted(str(p) for p in Path("v").rglob("*")))
    print(report([("a", 1), ("b", -1), ("c", 2)], "r.csv"), cond("nope", "one"), cond("nope", "no"), tmp(), chunks("two"))
    with open("two") as f, open("one") as g:
        print("".join(f), list(zip(g, "a")), f.name)
    for p in sorted(Path(".").glob("*.csv")):
        print(p.name, p.stat().st_size > 0, p.read_text().count("\n"))

if __name__ == "__main__":
    asyncio.run(main())
