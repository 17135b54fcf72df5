# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function
# case: expect = user_task = tg.create_task(fetch(client, "user"))
# case: expect = user, orders = user_task.result(), orders_task.result()
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def fetch(client: httpx.AsyncClient, name):
    response = await client.get(f"{BASE}/echo", params={"name": name})
    return name, response.status_code


async def create(client: httpx.AsyncClient, name):
    response = await client.post(f"{BASE}/echo", content=name)
    return response.status_code


async def main():
    async with httpx.AsyncClient() as client:
        user = await fetch(client, "user")
        orders = await fetch(client, "orders")
        print(user, orders)
        made = await create(client, "one")
        found = await fetch(client, "one")
        print(made, found)
        first = await fetch(client, "first")
        second = await fetch(client, first[0])
        print(first, second)


asyncio.run(main())
