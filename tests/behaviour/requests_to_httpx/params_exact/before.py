# case: args = --scope project --seed all
# case: expect = async def main
import os

import requests

BASE = os.environ["BASE"]


CASES = [
    ("/echo?x=1", {"b": 2}), ("/echo?x=1", {}), ("/echo?x=1", None), ("/echo", {"a": None, "b": 2}), ("/echo", {"a": [1, None]}),
    ("/echo", {"a": True}), ("/echo", "flag"), ("/echo", [("a", 1), ("b", 2), ("a", 3)]), ("/echo#f", {"a": "x y+&"}), ("/echo?", {"a": 1}), ("/echo?", None), ("/echo", b"a=%20"),
]


def main():
    for path, params in CASES:
        print(requests.get(BASE + path, params=params).json()["path"])
    # literals that need no helper
    print(requests.get(BASE + "/echo", params={"q": "a b", "n": 3, "l": ["x", "y"]}).json()["path"])
    print(requests.get(BASE + "/echo", params={"q": None, "ok": True, "n": 1}).json()["path"])
    print(requests.get(BASE + "/echo?fixed=1", params={"q": "é"}).json()["path"])


if __name__ == "__main__":
    main()
