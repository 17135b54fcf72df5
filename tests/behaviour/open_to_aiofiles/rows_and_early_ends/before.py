# case: expect = await f.write(buf.getvalue())
import asyncio
import csv


async def save(path, rows):
    with open(path, "w", newline="") as f:
        f.write("# head\n")
        writer = csv.DictWriter(f, fieldnames=["a", "b"])
        writer.writeheader()
        for row in rows:
            if not row:
                continue
            writer.writerow(row)
        return len(rows)


async def stop(path, rows):
    with open(path, "w", newline="") as f:
        writer = csv.writer(f)
        for row in rows:
            if row is None:
                return "stopped"
            writer.writerow(row)
    return "all"


async def both(rows):
    with open("x", "w", newline="") as f, open("y", "w", newline="") as g:
        xs = csv.writer(f)
        ys = csv.writer(g, delimiter=";")
        for x, y in rows:
            xs.writerow([x])
            ys.writerow([x, y])


async def main():
    print(await save("a.csv", [{"a": 1, "b": "q\"x"}, {}, {"a": 2, "b": "l\r\nm"}]))
    print(await stop("b.csv", [[1], None, [2]]))
    await both([(1, 2), (3, 4)])
    for name in ("a.csv", "b.csv", "x", "y"):
        with open(name, newline="") as f:
            print(repr(f.read()))


asyncio.run(main())
