# case: args = --scope project --seed requests_to_httpx
# case: expect = await fetch(1)
# case: expect = async def pause(
# case: expect = await pause()
# case: expect = await asyncio.to_thread(both)
# case: expect = print(both())
# case: reject = async def both(
# `pause` has async callers only, once `fetch` is one, and follows; `both` has a sync caller as well.
import os
import time

import requests

BASE = os.environ["BASE"]


def pause():
    time.sleep(0.001)
    return "paused"


def both():
    time.sleep(0.001)
    return "both"


def fetch(n):
    print(pause(), both())
    return requests.get(f"{BASE}/user/{n}").json()["name"]


class Kept:
    def __len__(self):
        print(both())
        return 1


def main():
    print(fetch(1))


if __name__ == "__main__":
    print(len(Kept()))
    main()
