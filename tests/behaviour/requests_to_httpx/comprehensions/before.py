# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    print([requests.get(f"{BASE}/user/{i}").json()["id"] for i in range(3)])
    print({i: requests.get(f"{BASE}/user/{i}").status_code for i in (1, 91)})
    print(sorted({requests.get(f"{BASE}/user/{i}").status_code for i in (1, 2, 91)}))
    print([i for i in (1, 91, 2) if requests.get(f"{BASE}/user/{i}").status_code == 200])
    print([line for line in requests.get(BASE + "/user/1").text.split(",")])
    print(sum(requests.get(f"{BASE}/user/{i}").json()["id"] for i in range(4)))
    print("|".join(requests.get(f"{BASE}/user/{i}").json()["name"] for i in range(2)))


if __name__ == "__main__":
    asyncio.run(main())
