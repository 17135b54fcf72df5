# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    for path in ("/user/1", "/user/99", "/status/304", "/status/500"):
        r = requests.get(BASE + path)
        print(path, r.ok, "yes" if r else "no", not r)
        if r and r.status_code == 200:
            print("good")
        if not r:
            print("bad", r.status_code)
    bad = requests.get(BASE + "/status/404")
    print("kept" if bad.ok or bad.status_code == 404 else "dropped")
    assert not bad


if __name__ == "__main__":
    asyncio.run(main())
