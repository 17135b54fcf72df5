# case: expect = async with httpx.AsyncClient() as client:
# case: reject = httpx.get(
import os

import httpx

BASE = os.environ["BASE"]


def load(names):
    found = {}
    for name in names:
        found[name] = httpx.get(f"{BASE}/echo?{name}").json()["path"]
    return found


def send(body):
    return httpx.post(BASE + "/echo", data=body, timeout=5, follow_redirects=True).json()["body"]


def first(path):
    return httpx.request("OPTIONS", BASE + path).status_code, httpx.head(BASE + path).headers["content-type"]


def main():
    print(load("ab"))
    print(send({"a": "1", "b": ["2", "3"]}))
    print(first("/echo"))
    print(httpx.get(BASE + "/redirect/2").status_code)


if __name__ == "__main__":
    main()
