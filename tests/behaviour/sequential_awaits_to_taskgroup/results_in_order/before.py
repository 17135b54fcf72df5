# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function
# case: expect = tg.create_task(bounded(
# case: reject = pages.append
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def fetch(client: httpx.AsyncClient, number):
    response = await client.get(f"{BASE}/echo", params={"number": number})
    response.raise_for_status()
    data = {"status": response.status_code}
    data["number"] = number
    return number, response.status_code, len(data)


async def listed(client: httpx.AsyncClient, numbers):
    pages = []
    for number in numbers:
        page = await fetch(client, number)
        pages.append(page)
    return pages


async def keyed(client: httpx.AsyncClient, numbers):
    by_name = {}
    for name, number in numbers.items():
        by_name[name] = await fetch(client, number)
    return by_name


async def others(client: httpx.AsyncClient, numbers, found, seen):
    for number in numbers:
        found[number] = await fetch(client, number)
    for number in numbers:
        seen.extend(await fetch(client, number))
    for number in numbers:
        await fetch(client, number)
    first, second = [await fetch(client, number) for number in (8, 9)]
    return first, second, {number: await fetch(client, number) for number in numbers if number}


async def main():
    async with httpx.AsyncClient() as client:
        print(await listed(client, range(25)))
        print(await keyed(client, {"a": 1, "b": 2}))
        found, seen = {}, []
        print(await others(client, [3, 1, 2, 0], found, seen))
        print(found, seen)
        print([await fetch(client, number) for number in []])


asyncio.run(main())
