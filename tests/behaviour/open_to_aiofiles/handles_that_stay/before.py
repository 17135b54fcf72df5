# case: args = --seed all
import asyncio, os, shutil, sys
from contextlib import contextmanager, ExitStack
from pathlib import Path

@contextmanager
def both(a, b):
    with open(a) as f, open(b, "w") as g:
        yield f, g

@contextmanager
def one(p, mode="r"):
    with open(p, mode) as f:
        yield f

def opener(p):
    return open(p)

def maybe(p):
    if not os.path.exists(p):
        return None
    return open(p)

def stdin_or(p):
    f = open(p) if p != "-" else sys.stdin
    try:
        return f.read()
    finally:
        if f is not sys.stdin:
            f.close()

class Keeper:
    def __init__(self, p):
        self.f = open(p)
    def read(self):
        return self.f.read()
    def close(self):
        self.f.close()

def stack(names):
    with ExitStack() as s:
        fs = [s.enter_context(open(n)) for n in names]
        return [f.readline() for f in fs]

def handles(names):
    fs = [open(n) for n in names]
    try:
        return [f.read() for f in fs]
    finally:
        for f in fs:
            f.close()

def lam(p):
    with open(p) as f:
        read = lambda: f.read()
        return read()

def alias(p):
    with open(p) as f:
        r = f.readline
        return r() + r()

def loop(p):
    out = []
    with open(p) as f:
        while True:
            line = f.readline()
            if not line:
                break
            out.append(line)
        f.seek(0)
        while chunk := f.read(3):
            out.append(chunk)
    return out

def main():
    Path("a").write_text("1\n2\n3\n")
    with both("a", "b") as (f, g):
        g.write(f.read())
    with one("b") as f:
        print(f.read())
    with opener("b") as f:
        print(f.readline())
    f = maybe("b")
    if f:
        print(f.read()); f.close()
    print(maybe("zz"), stdin_or("a"))
    k = Keeper("a"); print(k.read()); k.close()
    print(stack(["a", "b"]), handles(["a", "b"]), lam("a"), alias("a"), loop("a"))
    print([p.name for p in sorted(Path(".").iterdir()) if p.is_file() and p.suffix != ".py"])
    print(Path("a").read_text() if Path("a").exists() else "none", max(os.path.getsize(p) for p in ("a", "b")))
    d = {n: os.stat(n).st_size for n in ("a", "b")}
    print(d, all(os.path.isfile(n) for n in d))

main()
