# case: reject = import requests
# case: expect = async for chunk in r.aiter_bytes(chunk_size=1000):
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def download(path, size):
    total = 0
    with open(path, "wb") as f, requests.get(f"{BASE}/bytes/{size}", stream=True, timeout=5) as r:
        r.raise_for_status()
        for chunk in r.iter_content(chunk_size=1000):
            total += f.write(chunk)
    return total, os.path.getsize(path)


async def assigned(path, size):
    r = requests.get(f"{BASE}/bytes/{size}", stream=True)
    if not r.ok:
        return "no"
    with open(path, "wb") as f:
        for chunk in r.iter_content(None):
            if chunk:
                f.write(chunk)
    return os.path.getsize(path), int(r.headers["Content-Length"]), r.reason


async def main():
    print(await download("a.bin", 5000))
    print(await assigned("b.bin", 70000), await assigned("c.bin", 0))


if __name__ == "__main__":
    asyncio.run(main())
