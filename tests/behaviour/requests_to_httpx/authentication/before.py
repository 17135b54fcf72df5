# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

BASE = os.environ["BASE"]


async def main():
    print(requests.get(BASE + "/basic").status_code)
    print(requests.get(BASE + "/basic", auth=("u", "p")).json())
    print(requests.get(BASE + "/basic", auth=HTTPBasicAuth("u", "p")).json())
    print(requests.get(BASE + "/digest", auth=HTTPDigestAuth("u", "p")).json())
    print(requests.get(BASE + "/digest", auth=HTTPDigestAuth("u", "no")).status_code)


if __name__ == "__main__":
    asyncio.run(main())
