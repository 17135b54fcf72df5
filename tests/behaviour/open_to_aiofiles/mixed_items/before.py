# case: expect = async with aiofiles.open
import asyncio
import contextlib


@contextlib.contextmanager
def step(name):
    print("enter", name)
    yield name
    print("exit", name)


async def main():
    with step("1") as a, open("a", "w") as f, step("2"), open("b", "w") as g:
        f.write(a)
        g.write(f.name)
    with contextlib.suppress(FileNotFoundError), open("none") as f:
        print("never")
    with step("3"), open("a") as f, open("b") as g: print(f.read(), g.read())


asyncio.run(main())
