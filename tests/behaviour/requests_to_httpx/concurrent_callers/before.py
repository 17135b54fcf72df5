# case: args = --select requests_to_httpx
# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def one(uid):
    r = requests.get(f"{BASE}/user/{uid}", headers={"Accept": "application/json"}, timeout=(5, 10))
    if r.status_code == 404:
        return f"no {uid}"
    return r.json()["name"]


async def main():
    print(await asyncio.gather(*[one(uid) for uid in (1, 95, 3)]))
    print([await one(uid) for uid in range(2)])


if __name__ == "__main__":
    asyncio.run(main())
