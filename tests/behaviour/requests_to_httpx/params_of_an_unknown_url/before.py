# case: expect = _with_params(url, query)
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def fetch(url, query):
    # httpx replaces the query of the URL; requests adds to it.
    return requests.get(url, params=query).json()["path"]


async def main():
    print(await fetch(BASE + "/echo?x=1", {"b": 2}), await fetch(BASE + "/echo?x=1", {}))


if __name__ == "__main__":
    asyncio.run(main())
