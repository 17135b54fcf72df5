# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function
# case: exit = 3
# case: expect = except BaseExceptionGroup as eg:
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def fetch(client: httpx.AsyncClient, code):
    response = await client.get(f"{BASE}/status/{code}")
    response.raise_for_status()
    return response.status_code


async def fetch_all(client: httpx.AsyncClient, codes):
    try:
        return [await fetch(client, code) for code in codes]
    except httpx.HTTPStatusError as error:
        raise ValueError(error.response.status_code) from error


async def main():
    async with httpx.AsyncClient() as client:
        print(await fetch_all(client, [200, 204]))
        try:
            await fetch_all(client, [200, 404, 200])
        except ValueError as error:
            print("translated", error)
            raise SystemExit(3) from error


asyncio.run(main())
