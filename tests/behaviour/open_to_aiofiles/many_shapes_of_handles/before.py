# case: args = --seed all
import csv, io, os, shutil, json, contextlib, tempfile
from pathlib import Path

def rec(f, n):
    if n:
        f.write(str(n))
        rec(f, n - 1)

def gen(f):
    for line in f:
        yield line.strip()

def lines(p):
    with open(p) as f:
        for l in f:
            yield l

class Tool:
    def emit(self, out, text):
        out.write(text)
    def run(self, p):
        with open(p, "w") as f:
            self.emit(f, "a\n")
            Tool.emit(self, f, "b\n")
    def run2(self, p):
        with open(p, "a") as f:
            self.emit(out=f, text="c\n")

def split(p):
    with contextlib.suppress(KeyError), open(p, "w", newline="") as f, contextlib.suppress(ValueError):
        w = csv.writer(f)
        try:
            w.writerow([1, 2])
            raise ValueError
        except ValueError:
            w.writerow(["v"])
    with open(p) as f:
        return f.read()

def header(p):
    with open(p) as f, open(f.readline().strip()) as g:
        return f.read(), g.read()

def reassigned(a, b):
    f = open(a)
    x = f.read()
    f.close()
    f = open(b)
    try:
        return x + f.read()
    finally:
        f.close()

def early(p):
    with open(p) as f:
        for line in f:
            if line.startswith("b"):
                break
        else:
            return "none"
        return f.read()

def oneliner(a, b, flag):
    if flag: shutil.copyfile(a, b)
    with open(a) as s, open(b, "w") as d:
        if flag: shutil.copyfileobj(s, d)
        else: print("x", file=d, flush=True)
    return Path(b).read_text()

def rows(p):
    with open(p, newline="") as f:
        reader = csv.DictReader(f)
        return [dict(r) for r in reader]

def walker(top):
    out = []
    for root, dirs, files in os.walk(top):
        dirs.sort()
        for n in sorted(files):
            out.append(os.path.join(root, n))
    return out

def paths(top):
    p = Path(top)
    total = 0
    for x in sorted(p.glob("*.txt")):
        with x.open() as f:
            total += len(f.readlines())
    for x in p.iterdir():
        x = x.resolve()
        total += x.stat().st_size if x.is_file() else 0
    return total

def temp():
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "x"), "w") as f:
            json.dump({"a": 1}, f)
        return sorted(os.listdir(d))

def nested_json(p):
    with open(p, "w") as f:
        json.dump([1], f); f.write("\n")
    return json.loads(open(p).read().strip()), [l for l in open(p)], sum(1 for _ in open(p))

def main():
    with open("r", "w") as f:
        rec(f, 3)
    print(open("r").read())
    with open("g", "w") as f:
        f.write("g1\ng2\n")
    with open("g") as f:
        print(list(gen(f)))
    print([l for l in lines("g")], sum(len(l) for l in lines("g")))
    Tool().run("t"); Tool().run2("t")
    print(early("t"))
    print(repr(split("s")))
    Path("h").write_text("g\nrest\n")
    print(header("h"))
    print(reassigned("g", "h"), early("g"))
    print(oneliner("g", "o", True), oneliner("g", "o", False))
    Path("c.csv").write_text("a,b\n1,2\n")
    print(rows("c.csv"))
    os.makedirs("w/b"); os.makedirs("w/a")
    for n in ("w/b/2.txt", "w/a/1.txt", "w/0.txt"):
        Path(n).write_text("l\n" * 3)
    print(walker("w"), paths("w"), temp(), nested_json("j"))

main()
