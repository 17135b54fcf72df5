# case: args = --unsafe
# case: reject = import requests
# case: expect = proxy=BASE
# case: expect = trust_env=False
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def proxied(url):
    return requests.get(url, proxies={"http": BASE, "https": BASE}).json()["path"]


async def session(url):
    s = requests.Session()
    s.proxies = {"http": BASE, "https": BASE}
    s.verify = False
    s.trust_env = False
    s.headers["X-A"] = "1"
    return s.get(url).json()["path"]


async def unverified(url, verify: bool):
    return requests.get(url, verify=verify).status_code, requests.get(url, verify=verify).status_code


async def main():
    print((await proxied("http://example.test/echo?a=1")).endswith("/echo?a=1"))
    print((await session("http://example.test/echo?b=2")).endswith("/echo?b=2"))
    print(await unverified(BASE + "/echo", True), await unverified(BASE + "/echo", False))


if __name__ == "__main__":
    asyncio.run(main())
