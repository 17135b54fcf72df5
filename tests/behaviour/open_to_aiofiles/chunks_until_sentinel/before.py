# case: expect = aiofiles.open
import asyncio
from functools import partial


async def main():
    with open("a", "wb") as f: f.write(b"abcdefgh")
    with open("a", "rb") as f:
        for chunk in iter(lambda: f.read(3), b""): print(chunk)
    with open("a", "rb") as f:
        for chunk in iter(partial(f.read, 5), b""): print(chunk)
    with open("a", "w") as f: f.write("1\n2\n")
    with open("a") as f:
        for line in iter(f.readline, ""): print(repr(line))


asyncio.run(main())
