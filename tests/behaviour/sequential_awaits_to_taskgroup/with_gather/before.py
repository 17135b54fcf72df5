# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function
# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function --target-version 3.10
# case: expect = pages = await asyncio.gather(*[bounded(number) for number in numbers])
# case: reject = TaskGroup
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def fetch(client: httpx.AsyncClient, number):
    response = await client.get(f"{BASE}/echo", params={"number": number})
    return number, response.status_code


async def main(numbers):
    async with httpx.AsyncClient() as client:
        pages = []
        for number in numbers:
            pages.append(await fetch(client, number))
        found = {}
        for number in numbers:
            found[number] = await fetch(client, number)
        print(pages, found, [await fetch(client, number) for number in numbers][0])
        print({number: await fetch(client, number) for number in numbers})


asyncio.run(main(list(range(12))))
