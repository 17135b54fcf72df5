# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def sizes(numbers):
    found = {}
    for n in numbers:
        r = requests.get(f"{BASE}/bytes/{n}", stream=True)
        if r.status_code != 200:
            continue
        found[n] = 0
        for chunk in r.iter_content(100):
            found[n] += len(chunk)
            if found[n] > 250:
                break
    return found


async def pieces(n):
    with requests.get(f"{BASE}/bytes/{n}", stream=True) as r:
        return [len(piece) for piece in r]


async def main():
    print(await sizes([0, 50, 300, 1000]), await pieces(300))


if __name__ == "__main__":
    asyncio.run(main())
