# case: args = --select requests_to_aiohttp
# case: expect = params=_pairs(query)
# case: expect = def _pairs(
# case: reject = import requests
import os
from urllib.parse import urlencode

import requests

BASE = os.environ["BASE"]


def search(query):
    return requests.get(BASE + "/echo", params=query).json()["path"].replace("/c", "%2Fc")


def page(number, size=10):
    return requests.get(f"{BASE}/echo?kind=a", params={"page": number, "size": size, "all": True}).json()["path"]


def fixed():
    return requests.get(BASE + "/echo", {"a": "x y", "b": 1}).json()["path"]


def main():
    print(search({"a": None, "b": True, "c": [1, None, "é"], "d": "", "e": 1.5}))
    print(search([("a", 1), ("b", 2), ("a", 3)]), search({}), search(None), search("x=1&y=é"), search(b"z=2"), search(urlencode({"q": "a&b/c", "r": "x y"})), search({"t": (1, 2), 3: "n"}))
    print(page(1), page(None), page(2, size=None))
    print(fixed())


if __name__ == "__main__":
    main()
