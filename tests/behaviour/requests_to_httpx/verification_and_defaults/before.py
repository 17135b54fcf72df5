# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    print(requests.get(BASE + "/user/1", verify=False, stream=False, proxies=None).json())
    print(requests.post(verify=False, url=BASE + "/echo", json=None, cookies=None).json()["method"])
    print(requests.request("get", BASE + "/user/2", verify=False, allow_redirects=True).status_code)


if __name__ == "__main__":
    asyncio.run(main())
