# case: args = --unsafe
# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def search(name: str, page: int, maybe):
    # The part before a path is not known, nor is the last value: both need the user's word.
    r = requests.get(f"{BASE}/echo", params={"q": name, "page": page, "exact": True, "off": False, "maybe": maybe})
    print(r.json()["path"])
    query = {"tags": ["a", "b"], "n": 1.5}
    query["name"] = f"<{name}>"
    print(requests.get(BASE + "/echo", query).json()["path"])
    sent = requests.post(BASE + "/echo", params=[("b", 1), ("a", "x y")], data={"flag": True}).json()
    print(sent["path"], sent["body"])
    print(requests.get(BASE + "/echo?x=1", params=None).json()["path"])


async def main():
    await search("a b/ä", 3, "yes")


if __name__ == "__main__":
    asyncio.run(main())
