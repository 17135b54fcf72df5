# case: args = --seed all --unsafe
# case: unchanged
import asyncio
import contextvars

current = contextvars.ContextVar("current", default="none")
log = []


def note(path):
    with open(path, "a") as file:
        file.write("x")
    asyncio.get_running_loop().call_soon(log.append, path)


def enter(path):
    with open(path, "a") as file:
        file.write("y")
    current.set(path)


def lines(path):
    with open(path) as file:
        for line in file:
            yield line


# They are values, too: what is called through this table stays sync.
TABLE = {"note": note, "enter": enter, "lines": lines}


async def main(name):
    note("a.txt")
    await asyncio.sleep(0)
    enter("b.txt")
    print(log, current.get())
    for line in lines("a.txt"):
        print(line)
    print(TABLE[name].__name__)


asyncio.run(main("note"))
