# case: reject = import requests
# case: expect = await response.aread()
import asyncio
import os
from contextlib import closing

import requests

BASE = os.environ["BASE"]


async def name(n):
    with requests.get(f"{BASE}/user/{n}") as response:
        if response:
            return response.json()["name"], response.elapsed.total_seconds() >= 0
    return "none"


async def both(n):
    with requests.Session() as session, session.post(f"{BASE}/echo", json=[n]) as response:
        return response.json()["body"], b"".join(response)[:3], list(response.iter_lines())[:1] != []


async def closed(n):
    with closing(requests.get(f"{BASE}/user/{n}")) as response:
        return response.text


async def main():
    print(await name(1), await both(1), await closed(2))


if __name__ == "__main__":
    asyncio.run(main())
