# case: expect = await aiofiles.open
# case: reject = = open(
import asyncio
import contextlib


async def read(path, binary):
    handle = None
    try:
        if binary:
            handle = open(path, "rb")
        else:
            handle = open(path)
        return handle.read()
    except OSError as error:
        return type(error).__name__
    finally:
        if handle:
            handle.close()


async def lines(path):
    f = open(path)
    try:
        for line in f:
            yield line
    finally:
        f.close()
        print("closed")


async def main():
    for name in "ab":
        out = open(name, "w"); out.write(name * 2 + "\n"); out.close()
    print(await read("a", True), await read("b", False), await read("none", False))
    async with contextlib.aclosing(lines("a")) as found:
        async for line in found:
            print(line)
            break
    print([line async for line in lines("b")])


asyncio.run(main())
