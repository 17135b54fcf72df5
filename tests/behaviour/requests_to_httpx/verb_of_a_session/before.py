# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    with requests.Session() as session:
        for verb in ("get", "delete", "options"):
            print(getattr(session, verb)(BASE + "/echo", headers={"X-A": verb}).json()["method"])
        for name in ["post", "put", "patch"]:
            print(getattr(session, name)(BASE + "/echo", json=name).json()["body"])
    print(requests.codes["ok"], requests.codes["teapot"] == 418, requests.codes.too_many)


if __name__ == "__main__":
    asyncio.run(main())
