# case: expect = httpx.AsyncClient(
# case: reject = import requests
# case: reject = time.sleep
import asyncio
import os
import time

import requests

BASE = os.environ["BASE"]


async def until_ok(key):
    for attempt in range(5):
        r = requests.get(BASE + f"/flaky?key={key}&fail=3", timeout=5)
        if r.status_code == requests.codes.ok:
            break
        time.sleep(0.01 * 2 ** attempt)
    else:
        return None
    return attempt, r.json()


async def until_no_error(key):
    for attempt in range(4):
        try:
            r = requests.get(BASE + f"/flaky?key={key}&fail=2")
            r.raise_for_status()
            return r.json()
        except requests.HTTPError as e:
            print("retry", attempt, e.response.status_code)
            time.sleep(0.01)
    raise RuntimeError("gave up")


async def main():
    print(await until_ok("a"))
    print(await until_no_error("b"))
    while (r := requests.get(BASE + "/flaky?key=c&fail=2")).status_code != 200:
        print("waiting", r.status_code)
    print(r.json())


if __name__ == "__main__":
    asyncio.run(main())
