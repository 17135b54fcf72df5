# case: args = --select open_to_aiofiles
# case: unchanged
import asyncio
import io


def count(handle):
    return sum(1 for line in handle)


def dump(handle, text="x"):
    handle.write(text)


async def main():
    with open("a", "w") as f:
        dump(f)
    with open("a") as f:
        print(count(f), count(io.StringIO("a\nb")))
    buffer = io.StringIO()
    for write in (dump,):
        write(buffer)
    print(buffer.getvalue())


asyncio.run(main())
