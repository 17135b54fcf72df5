# case: args = --unsafe
# case: reject = import requests
# case: expect = "exact": "True"
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    with requests.Session() as session:
        session.params = {"key": "1", "exact": True}
        print(session.get(f"{BASE}/echo").json()["path"])
        print(session.get(f"{BASE}/echo", params={"page": 2}).json()["path"])


if __name__ == "__main__":
    asyncio.run(main())
