# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def pieces(n):
    r = requests.get(f"{BASE}/bytes/{n}", stream=True)
    for chunk in r.iter_content(100):
        yield len(chunk)


async def users(numbers):
    for n in numbers:
        yield requests.get(f"{BASE}/user/{n}").json()["id"]


async def main():
    print([n async for n in pieces(250)])
    print([user async for user in users([1, 2, 3])])
    async for user in users([4, 5]):
        print(user)
        break


if __name__ == "__main__":
    asyncio.run(main())
