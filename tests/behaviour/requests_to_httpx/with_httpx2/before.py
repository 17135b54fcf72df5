# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = class _RetryTransport(httpx2.AsyncBaseTransport):
# case: expect = except httpx2.HTTPStatusError as error:
import os

import requests
from requests.adapters import HTTPAdapter

BASE = os.environ["BASE"]


def session():
    s = requests.Session()
    s.mount("http://", HTTPAdapter(max_retries=2))
    s.mount("https://", HTTPAdapter(max_retries=2))
    return s


def fetch(s, path):
    return s.get(BASE + path, params={"page": 1, "q": None})


def name(s, number):
    response = fetch(s, f"/user/{number}")
    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        return error.response.reason
    return response.json()["name"]


def main():
    s = session()
    print(name(s, 1), name(s, 99))
    response = fetch(s, "/echo?a=b")
    if response:
        print(response.url.split("?")[-1])
    s.close()
    print(requests.post(BASE + "/echo", data={"a": 1}).json()["body"])


if __name__ == "__main__":
    main()
