# case: args = --select client_to_async_with --unsafe --scope function
# case: unchanged
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def opened():
    client = httpx.AsyncClient()
    return client


async def pages():
    client = httpx.AsyncClient()
    for number in range(2):
        yield await client.get(f"{BASE}/echo", params={"number": number})


async def later():
    client = httpx.AsyncClient()

    async def get():
        return await client.get(f"{BASE}/echo")

    return get


async def main():
    async with await opened() as client:
        print((await client.get(f"{BASE}/echo")).status_code)
    async for page in pages():
        print(page.status_code)
    get = await later()
    print((await get()).status_code)


asyncio.run(main())
