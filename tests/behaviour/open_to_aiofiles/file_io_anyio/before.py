# case: args = --scope function
# case: expect = async with await anyio.open_file(path, "w", encoding="utf-8") as f:
# case: expect = await f.aclose()
# case: expect = await anyio.Path(p / "x").exists()
# case: expect = async with anyio.TemporaryDirectory() as d:
# case: expect = print(next(f))
# case: reject = import aiofiles
import asyncio
import csv
import io
import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path


async def blocks(path, other):
    with open(path, "w", encoding="utf-8") as f:
        f.write("one\ntwo\nthree\n")
        f.flush()
        print(f.name == path, f.closed, f.writable(), f.isatty(), f.tell())
    with open(path) as f, open(other, "w") as g:
        for line in f:
            g.write(line)
    with open(path) as f:
        print([line.strip() for line in f], f.readable(), f.seek(0), f.readlines())
    with open(path, "rb") as f:
        buffer = bytearray(3)
        print(f.readinto(buffer), buffer, f.read1(2), f.tell())


async def by_hand(path):
    f = open(path)
    try:
        print(f.readline())
    finally:
        f.close()
    print(f.closed)
    text = open(path).read()
    return text, json.loads(open(path).read() and "[1]")


async def stacks(path):
    with ExitStack() as stack:
        f = stack.enter_context(open(path))
        print(f.read())


async def libraries(path):
    with open(path, "w") as f:
        json.dump({"a": 1}, f)
    with open(path) as f:
        print(json.load(f))
    with open(path, "w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["a", "b"])
    with open(path) as f:
        print(list(csv.reader(f)))
    with open(path, "rb") as f:
        for chunk in iter(lambda: f.read(2), b""):
            print(chunk)
    with Path(path).open() as f, open(path + "2", "w") as g:
        shutil.copyfileobj(f, g)
        print("more", file=g)


async def paths(path):
    p = Path(path)
    p.write_text("x")
    print(p.exists(), (p / "x").exists(), Path(path).read_text(), p.is_file())
    q = p.rename(path + "3")
    print(q.name, sorted(x.suffix for x in q.parent.iterdir()), os.path.exists(""), os.stat(q).st_size)
    print(p.resolve().name)


async def temporary():
    with tempfile.TemporaryDirectory() as d:
        print(os.path.isdir(d))
    with tempfile.NamedTemporaryFile("w+") as f:
        f.write("x")
        f.seek(0)
        print(f.read(), type(f.name).__name__)
    with tempfile.TemporaryFile() as f:
        print(f.write(b"abc"))


async def refused(path):
    with open(path, "rb") as f:
        print(f.peek(1)[:1])
    with open(path) as f:
        print(next(f))
    with open(path, "rb", buffering=0) as f:
        print(f.readall())


async def main():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "a.txt")
        await blocks(path, path + "o")
        print(await by_hand(path))
        await stacks(path)
        await libraries(path)
        await paths(path)
        await temporary()
        await refused(path + "2")
    try:
        with open("/nowhere/at/all") as f:
            f.read()
    except FileNotFoundError as error:
        print(error)


asyncio.run(main())
