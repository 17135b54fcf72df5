# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def first(n):
    return requests.get(f"{BASE}/user/{n}").json()


async def second(code):
    response = requests.get(f"{BASE}/status/{code}")
    response.raise_for_status()
    return response.text


async def both(n, code):
    try:
        user = await first(n)
        return user["id"], await second(code), requests.get(f"{BASE}/echo", timeout=3).status_code
    except requests.exceptions.HTTPError as error:
        return str(error.response.status_code)
    except requests.exceptions.JSONDecodeError:
        return "no json"


async def main():
    print(await both(1, 200), await both(2, 404))


if __name__ == "__main__":
    asyncio.run(main())
