# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def user(uid):
    response = requests.get(f"{BASE}/user/{uid}")
    return response.json() if response.ok else None


async def main():
    print(await asyncio.gather(user(1), user(2), user(99)))


if __name__ == "__main__":
    asyncio.run(main())
