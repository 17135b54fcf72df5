# case: expect = aiofiles.open
import asyncio
import json


async def main():
    open("a", "w").write("[1, 2]")
    print(open("a").read())
    print(json.load(open("a")))


asyncio.run(main())
