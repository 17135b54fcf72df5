# case: args = --select client_to_async_with --unsafe --scope function
# case: expect = async with httpx.AsyncClient(timeout=30) as client:
# case: expect = async with aiohttp.ClientSession() as session:
# case: expect = async with aiofiles.open("text.txt") as f:
import asyncio
import os

import aiofiles
import aiohttp
import httpx

BASE = os.environ["BASE"]


async def one(number):
    client = httpx.AsyncClient(timeout=30)
    response = await client.get(f"{BASE}/echo", params={"number": number})
    # which one
    if response.is_success:
        print("got", number)
    return response.status_code


async def two():
    session = aiohttp.ClientSession()
    response = await session.get(f"{BASE}/echo")
    text = await response.text()
    print(len(text) > 0, response.status)


async def three():
    with open("text.txt", "w") as out:
        out.write("first\nsecond\n")
    f = await aiofiles.open("text.txt")
    line = await f.readline()
    print(line.strip())
    print("read")


async def four():
    return (await httpx.AsyncClient().get(f"{BASE}/echo")).status_code


async def main():
    print(await one(1))
    await two()
    await three()
    print(await four())


asyncio.run(main())
