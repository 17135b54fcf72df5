# case: expect = await f.flush()
import asyncio
import os


async def main():
    with open("a", "w") as f:
        print("one", 2, file=f, sep="-", flush=True)
        print(os.stat("a").st_size)
        print("three", file=f)  # kept
        if f.writable(): print("four", file=f, end="", flush=True)
        print(file=f, flush=True)  # last
        print(os.stat("a").st_size)
    with open("a") as f:
        print(repr(f.read()))


asyncio.run(main())
