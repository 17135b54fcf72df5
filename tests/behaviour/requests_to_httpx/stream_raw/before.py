# case: args = --select requests_to_httpx
# case: reject = import requests
# case: reject = shutil
import asyncio
import gzip
import os
import shutil

import requests

BASE = os.environ["BASE"]


async def encoded(path):
    r = requests.get(BASE + "/gzip", stream=True)
    with open(path, "wb") as f:
        shutil.copyfileobj(r.raw, f)
    return gzip.decompress(open(path, "rb").read())[:12]


async def decoded(path):
    with requests.get(BASE + "/gzip", stream=True) as r:
        r.raw.decode_content = True
        with open(path, "wb") as f:
            shutil.copyfileobj(r.raw, f)
    return open(path, "rb").read()[:12]


async def main():
    print(await encoded("a"))
    print(await decoded("b"))


if __name__ == "__main__":
    asyncio.run(main())
