# case: expect = async def count(handle):
# case: expect = async for line in handle
# case: expect = await head(f, "one")
import asyncio
import csv


def count(handle):
    return sum(1 for line in handle if line.strip())


def head(f, title="none"):
    f.write(title + "\n")
    tail(out=f)


def tail(*, out):
    out.write("--\n")


def table(source):
    return list(csv.reader(source))


async def main():
    with open("a", "w") as f:
        head(f, "one")
        head(f)
    with open("a") as f:
        print(count(f))
    f = open("a")
    print(count(f), f.read() == "")
    f.close()
    with open("a") as f:
        print(table(f))


asyncio.run(main())
