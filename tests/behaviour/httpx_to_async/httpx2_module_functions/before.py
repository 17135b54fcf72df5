# case: expect = async with httpx2.AsyncClient() as client:
# case: reject = httpx2.get(
import os

import httpx2

BASE = os.environ["BASE"]


def load(names):
    found = {}
    for name in names:
        found[name] = httpx2.get(f"{BASE}/echo?{name}").json()["path"]
    return found


def send(body):
    return httpx2.post(BASE + "/echo", data=body, timeout=5, follow_redirects=True).json()["body"]


def first(path):
    return httpx2.request("OPTIONS", BASE + path).status_code, httpx2.head(BASE + path).headers["content-type"]


def main():
    print(load("ab"))
    print(send({"a": "1", "b": ["2", "3"]}))
    print(first("/echo"))
    print(httpx2.get(BASE + "/redirect/2").status_code)


if __name__ == "__main__":
    main()
