# case: args = --scope project --seed all
# case: expect = async def main
import os

import requests as r
from requests import Session, get
from requests.exceptions import ReadTimeout, RequestException as RE

BASE = os.environ["BASE"]


OPTS = {"headers": {"X-A": "1"}, "timeout": 5}


def call(path, *args, **kwargs):
    return get(BASE + path, *args, **kwargs).json()["path"]


def main():
    print(call("/echo", params={"a": 1}))
    print(r.post(BASE + "/echo", {"f": "1"}).json()["body"])
    print(r.get(BASE + "/echo", {"q": "2"}).json()["path"])
    print([h for h in get(BASE + "/echo", **OPTS).json()["headers"] if h[0] == "X-A"])
    with Session() as s:
        print(s.put(BASE + "/echo", "body").json()["body"])
    try:
        get(BASE + "/slow?s=1", timeout=0.1)
    except (ReadTimeout, r.ConnectionError):
        print("timeout")
    try:
        get(BASE + "/user/99").raise_for_status()
    except RE as e:
        print(e.response.status_code)


if __name__ == "__main__":
    main()
