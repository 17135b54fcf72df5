# case: expect = except httpx.HTTPStatusError as e:
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def fetch(path):
    r = requests.get(BASE + path)
    r.raise_for_status()
    return r.json()


async def middle(path):
    return await fetch(path)


async def main():
    try:
        await middle("/user/99")
    except requests.HTTPError as e:
        print(e.response.status_code)


if __name__ == "__main__":
    asyncio.run(main())
