# case: reject = import requests
# case: expect = @retry(httpx.HTTPStatusError, times=3)
import asyncio
import os

import requests

BASE = os.environ["BASE"]


def retry(kinds, times):
    def decorate(fn):
        async def wrapper(*args):
            for attempt in range(times):
                try:
                    return await fn(*args)
                except kinds:
                    print("again", attempt)
            return "gave up"
        return wrapper
    return decorate


@retry(requests.HTTPError, times=3)
async def load(path):
    response = requests.get(BASE + path)
    response.raise_for_status()
    return response.json()


@retry(kinds=(requests.Timeout, requests.exceptions.ConnectionError), times=2)
async def late(path):
    return requests.get(BASE + path, timeout=0.1).json()


async def main():
    print(await load("/flaky?key=a&fail=2"), await load("/user/99"))
    print(await late("/slow?s=1"))


if __name__ == "__main__":
    asyncio.run(main())
