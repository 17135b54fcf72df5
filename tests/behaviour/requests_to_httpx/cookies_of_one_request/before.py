# case: reject = import requests
# case: expect = cookies=jar)
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def plain():
    return requests.get(BASE + "/cookies", cookies={"a": "1"}).json()


async def redirected():
    jar = {"a": "1", "b": "2"}
    return requests.get(BASE + "/redirect-to?url=/cookies", cookies=jar).json()


async def none():
    return requests.get(BASE + "/cookies", cookies=None).json()


async def main():
    print(await plain(), await redirected(), await none())


if __name__ == "__main__":
    asyncio.run(main())
