# case: args = --scope project --seed all
# case: expect = async def main
import os

import requests

BASE = os.environ["BASE"]


def load(etag=None):
    r = requests.get(BASE + ("/status/304" if etag else "/user/1"), headers={"If-None-Match": etag} if etag else None)
    r.raise_for_status()
    return None if r.status_code == 304 else r.json()


def main():
    print(load(), load("e"))
    r = requests.head(BASE + "/redirect/1")
    r.raise_for_status()
    print(r.status_code, r.headers["Location"])
    for code in (200, 204, 299, 300, 304, 399, 400, 499, 500, 599, 600):
        r = requests.get(BASE + f"/status/{code}")
        try:
            r.raise_for_status()
            print(code, r.ok, "no raise")
        except requests.HTTPError:
            print(code, r.ok, "raised")


if __name__ == "__main__":
    main()
