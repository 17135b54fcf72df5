# case: expect = await asyncio.to_thread(os.path.exists, "a")
# case: reject = aiofiles
import asyncio
import json
import os


def load(path):
    with open(path) as f:
        return json.load(f)


async def main():
    with open("a", "w") as f:
        json.dump({"n": [1, 2]}, f)
    print(os.path.exists("a"), os.stat("a").st_size)
    print(load("a"))
    with open("a") as f:
        text = f.read()
    print(text)


asyncio.run(main())
