# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function
# case: unchanged
import asyncio
import os

import httpx

BASE = os.environ["BASE"]
sent = []


async def send(x):
    sent.append(x)
    await asyncio.sleep(0)
    if x == 1:
        raise ValueError("stop")


async def check(client: httpx.AsyncClient, code):
    response = await client.get(f"{BASE}/status/{code}")
    response.raise_for_status()


async def main():
    try:
        for x in range(4):
            await send(x)
    except ValueError as error:
        print(error)
    print(sent)
    async with httpx.AsyncClient() as client:
        try:
            for code in (200, 404, 500):
                await check(client, code)
        except httpx.HTTPStatusError as error:
            print(error.response.status_code)


asyncio.run(main())
