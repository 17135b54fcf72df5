# case: args = --select client_per_call_to_shared --unsafe --scope function
# case: expect = async def fetch(client, number):
# case: expect = asyncio.gather(*[fetch(client, number) for number in numbers])
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def fetch(number):
    """Gets one."""
    async with httpx.AsyncClient(timeout=30) as client:
        response = await client.get(f"{BASE}/echo", params={"number": number})
        return number, response.status_code


async def poll(codes):
    for code in codes:
        try:
            async with httpx.AsyncClient() as client:
                response = await client.get(f"{BASE}/status/{code}")
                response.raise_for_status()
                # done
                return code
        except httpx.HTTPStatusError as error:
            print("failed", error.response.status_code)
    return None


async def grouped(numbers):
    tasks = []
    async with asyncio.TaskGroup() as tg:
        for number in numbers:
            tasks.append(tg.create_task(fetch(number)))
    return [task.result() for task in tasks]


async def main(numbers):
    print(await asyncio.gather(*[fetch(number) for number in numbers]))
    print(await fetch(99))
    print(await grouped(numbers))
    print(await poll([500, 404, 200, 500]))


asyncio.run(main(range(5)))
