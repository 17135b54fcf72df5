# case: reject = import requests
# case: expect = await anext(
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def first(n):
    r = requests.get(f"{BASE}/lines?n={n}", stream=True)
    try:
        return next(r.iter_content(4))
    finally:
        r.close()


async def some(n):
    r = requests.get(f"{BASE}/bytes/{n}", stream=True)
    pieces = r.iter_content(10)
    head = next(pieces, b"nothing")
    return head, [len(piece) for piece in pieces]


async def main():
    print(await first(3))
    print(await some(25), await some(0))


if __name__ == "__main__":
    asyncio.run(main())
