# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def load(path):
    r = None
    if path:
        r = requests.get(BASE + path)
    if not r:
        print("nothing", r is None)
    if r is not None and r.ok:
        print("fine")
    if r and r.status_code == 200 or path == "":
        print("ok or empty")
    return "yes" if r else "no"


async def main():
    for path in ("", "/user/1", "/user/99"):
        print(path, await load(path))
    if (r := requests.get(BASE + "/user/1")) and r.text:
        print(r.status_code)
    while not (r := requests.get(BASE + "/flaky?key=w&fail=2")):
        print("waiting", r.status_code)
    print((not r.ok) == False, r.ok + 1, [r.ok, not r], {r.ok: 1})


if __name__ == "__main__":
    asyncio.run(main())
