# case: unchanged
import asyncio
import os


async def bump():
    with open("count") as f:
        count = int(f.read())
    with open("count", "w") as f:
        f.write(str(count + 1))


async def begin(hits):
    if not os.path.exists("mark"):
        with open("mark", "w") as f:
            f.write("begun")
        hits.append(1)


async def main():
    await asyncio.gather(*[bump() for _ in range(4)])
    hits = []
    await asyncio.gather(*[begin(hits) for _ in range(5)])
    return len(hits)


with open("count", "w") as f:
    f.write("0")
print(asyncio.run(main()))
with open("count") as f:
    print(f.read())
