# case: args = --select client_per_call_to_shared --unsafe --scope function
# case: unchanged
import asyncio
import os

import httpx

BASE = os.environ["BASE"]


async def by_number(number):
    async with httpx.AsyncClient(params={"number": number}) as client:
        return (await client.get(f"{BASE}/echo")).status_code


async def named(number):
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{BASE}/echo", params={"number": number})).status_code


async def main(call):
    print(await asyncio.gather(*[by_number(number) for number in range(3)]))
    print([await call(number) for number in range(3)])
    for number in range(2):
        async with httpx.AsyncClient(headers={"X-Number": str(number)}) as client:
            print((await client.get(f"{BASE}/echo")).status_code)
    print(await asyncio.gather(*[named(number) for number in range(2)]))


asyncio.run(main(named))
