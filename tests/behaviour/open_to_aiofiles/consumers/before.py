# case: expect = pickle.loads(await f.read())
# case: reject =     with open(
import asyncio
import collections
import csv
import pickle
from json import dump, load


async def main():
    with open("a.json", "w") as f:
        dump(
            {"a": [1, 2]},
            fp=f,
            indent=1,  # comment
        )
    with open("a.json") as f:
        print(load(fp=f)["a"])
    with open("a.p", "wb") as f:
        for n in range(3):
            pickle.dump(n, f)
    with open("a.p", "rb") as f:
        print(pickle.load(f))
    with open("a.csv", "w", newline="") as f:
        f.write("n;t\r\n1;\"x\r\ny\u2028z\"\r\n2;b\r\n")
    with open("a.csv", newline="") as f:
        reader = csv.reader(f, delimiter=";")
        print(next(reader))
        print([row for row in reader], reader.line_num)
    with open("a.csv", newline="") as f:
        for row in csv.DictReader(f, delimiter=";"):
            print(row)
    with open("a.csv") as f:
        f.readline()
        for number, line in enumerate(f, 5):
            if number == 6:
                continue
            print(number, repr(line))
    with open("a.csv") as f, open("a.json") as g:
        print(list(zip(f, g)))
    with open("a.csv") as f, open("a.json") as g:
        print(list(f), sorted(g), f.read())
    with open("a.json") as f:
        first, *rest = f
        print(first, rest, *f)
    with open("a.json") as f:
        print("-".join(f), sorted(set(f)), collections.Counter(f))
    with open("a.json") as f:
        print(repr(next(f)), max(f, key=len), next(f, "end"))


asyncio.run(main())
