# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self, base):
        self.base = base

    async def search(self, query=None, page=1, **more):
        params = {"q": query, "page": page, **more}
        return requests.get(f"{self.base}/echo", params=params).json()["path"]

    async def literal(self):
        return requests.get("http://" + self.base[7:] + "/echo", params={"a": [1, 2], "b": "x y"}).json()["path"]


async def main():
    api = Api(BASE)
    print(await api.search(), await api.search("a b&c", None), await api.search(exact=True, tags=["x", None, "y"]))
    print(await api.literal())
    print(requests.delete(BASE + "/echo?x#y", params="a=1").json()["path"])
    print(requests.request("GET", BASE + "/echo?x=1&x=2", params=[("x", 3), ("y", b"z")]).json()["path"])
    print(requests.post(BASE + "/echo?k", params={"é": "ü"}, data={"f": "g"}, timeout=4).json()["path"])


if __name__ == "__main__":
    asyncio.run(main())
