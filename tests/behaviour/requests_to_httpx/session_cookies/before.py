# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    s = requests.Session()
    s.cookies.set("m", "1")
    s.cookies.update({"n": "2"})
    s.get(BASE + "/set-cookie?srv=3")
    print(s.get(BASE + "/cookies").json(), sorted(s.cookies.keys()), s.cookies.get("x"))
    print(sorted(s.cookies.get_dict()), s.cookies["srv"])
    s.cookies.clear()
    print(s.get(BASE + "/cookies").json())
    s.close()
    r = requests.get(BASE + "/set-cookie?a=1&b=2")
    print(r.cookies.get_dict(), r.cookies["a"], r.cookies.get("x"))


if __name__ == "__main__":
    asyncio.run(main())
