# case: unchanged
import asyncio
import io

from api import dump, save


async def main():
    buffer = io.StringIO()
    dump(buffer)
    await save("a")
    with open("a") as f:
        print(buffer.getvalue(), list(map(str.strip, [f.name])))
        print((lambda: f.read())())


asyncio.run(main())
