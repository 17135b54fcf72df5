# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


def status(response):
    return response.status_code if response else "falsy"


async def fetch(uid):
    return requests.get(f"{BASE}/user/{uid}")


async def main():
    # The response leaves the function that made it: its truth value is not the same in httpx.
    print(status(await fetch(1)), status(await fetch(99)))


if __name__ == "__main__":
    asyncio.run(main())
