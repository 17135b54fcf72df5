# case: expect = if not await aiofiles.os.path.exists("d"):
import asyncio
import os


async def ensure(name):
    if not os.path.exists("d"):
        os.mkdir("d")
    while not os.path.isfile(name):
        with open(name, "w") as f:
            f.write(name)
    return os.path.isdir("d") and os.path.getsize(name) or None


async def main():
    print(await ensure("d/a"), os.path.exists("d/b") or "missing", "yes" if os.path.isfile("d/a") else "no")
    print(any(os.path.exists(name) for name in ("d/x", "d/a")))
    print(all(os.path.exists(name) for name in ("d/x", "d/a")))
    print([name for name in ["d", "d/a", "e"] if os.path.exists(name)], max(os.path.getsize(name) for name in ["d/a"]))


asyncio.run(main())
