# case: reject = import requests
# case: expect = raise httpx.HTTPStatusError("a teapot", request=response.request, response=response)
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def load(path):
    response = requests.get(BASE + path)
    if response.status_code == 503:
        raise requests.ConnectionError("away")
    if response.status_code == 418:
        raise requests.HTTPError("a teapot", response=response)
    if response.status_code == 408:
        raise requests.exceptions.Timeout
    return response.status_code


async def main():
    for code in (200, 503, 418, 408):
        try:
            print(await load(f"/status/{code}"))
        except Exception as error:
            print(str(error))


if __name__ == "__main__":
    asyncio.run(main())
