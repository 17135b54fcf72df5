# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def never_closed(uid):
    s = requests.Session()  # nobody closes it
    s.headers["X-Token"] = "t"
    s.headers.update({"X-More": "m"})
    s.get(BASE + "/set-cookie?sid=1")
    r = s.get(BASE + "/cookies")
    return uid, r.json(), "X-Token" in s.headers


async def two(uid):
    a = requests.Session()
    first = a.get(f"{BASE}/user/{uid}")
    b = requests.Session()
    second = b.head(BASE + "/redirect/1")
    print(a.get(f"{BASE}/user/{uid + 1}").json(), requests.get(BASE + "/user/9").json())
    return first.json(), second.status_code, b.delete(BASE + "/echo", json={"a": 1}).json()["method"]


async def main():
    print(await never_closed(1))
    print(await two(2))
    if BASE: s = requests.Session(); print(s.get(BASE + "/user/4").json()); print("end")
    for uid in range(2):
        with requests.Session() as s, open(os.devnull) as f:
            print(uid, s.get(f"{BASE}/user/{uid}").json(), f.read())


if __name__ == "__main__":
    asyncio.run(main())
