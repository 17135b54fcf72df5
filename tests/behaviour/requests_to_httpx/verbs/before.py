# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    r = requests.get(BASE + "/echo")
    print("get", r.status_code, r.json()["method"])
    r = requests.post(BASE + "/echo")
    print("post", r.status_code, r.json()["method"])
    r = requests.put(BASE + "/echo")
    print("put", r.status_code, r.json()["method"])
    r = requests.patch(BASE + "/echo")
    print("patch", r.status_code, r.json()["method"])
    r = requests.delete(BASE + "/echo")
    print("delete", r.status_code, r.json()["method"])
    r = requests.options(BASE + "/echo")
    print("options", r.status_code, r.json()["method"])
    r = requests.request("PURGE", BASE + "/echo")
    print("request", r.status_code, r.json()["method"])


if __name__ == "__main__":
    asyncio.run(main())
