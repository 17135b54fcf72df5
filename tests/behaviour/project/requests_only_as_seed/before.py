# case: args = --scope project --seed requests_to_httpx
# case: expect = await fetch(1)
# case: expect = await asyncio.sleep(0.001)
# case: expect = time.sleep(0.002)
# case: reject = async def pause(
# A sleep follows where a request drives, and turns nothing async by itself.
import os
import time

import requests

BASE = os.environ["BASE"]


def fetch(n):
    time.sleep(0.001)
    return requests.get(f"{BASE}/user/{n}").json()["name"]


def pause():
    time.sleep(0.002)
    return "paused"


def main():
    print(fetch(1))


if __name__ == "__main__":
    print(pause())
    main()
