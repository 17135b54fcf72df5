# case: expect = await asyncio.to_thread(load, "a")
# case: expect = await asyncio.to_thread(read_file)
# case: reject = aiofiles
import asyncio
import csv


def load(path):
    rows = []
    with open(path, newline="") as f:
        for row in csv.reader(f):
            rows.append(row)
    return rows


async def save(path, rows):
    with open(path, "w", newline="") as f:
        writer = csv.writer(f)
        for row in rows:
            writer.writerow(row)


async def size(path):
    with open(path, "rb") as f:
        data = f.read()
        count = len(data)
    return count


async def first(path):
    with open(path) as f:
        return f.readline()


async def main():
    await save("a", [["n", "t"], [1, 'q"uote']])
    print(load("a"), await size("a"), repr(await first("a")))
    try:
        await first("nope")
    except FileNotFoundError as error:
        print(error.filename)


asyncio.run(main())
