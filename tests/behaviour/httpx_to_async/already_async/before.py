# case: reject = httpx.Client(
# case: reject = httpx.get(
import os

import httpx

BASE = os.environ["BASE"]


import asyncio


async def blocking():
    with httpx.Client(base_url=BASE) as client:
        return client.get("/echo").status_code


async def fine():
    async with httpx.AsyncClient(base_url=BASE) as client:
        return (await client.get("/echo")).status_code, httpx.get(BASE + "/echo").status_code


async def main():
    print(await asyncio.gather(blocking(), fine()))


asyncio.run(main())
