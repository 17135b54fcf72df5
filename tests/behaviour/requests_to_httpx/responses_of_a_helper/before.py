# case: args = --scope project --seed all
# case: reject = import requests
# case: expect = if not response.is_error:
# case: expect = if response is None or response.is_error:
# case: expect check.py = response.reason_phrase
# case: expect check.py = -> httpx.Response
# case: reject check.py = import requests
import os

import requests

import check
from check import describe, is_there

BASE = os.environ["BASE"]


class Api:
    def __init__(self):
        self.session = requests.Session()
        self.last = None

    def _request(self, method: str, path: str) -> requests.Response:
        response = self.session.request(method, BASE + path)
        self.last = response
        return response

    def _maybe(self, path):
        if path:
            return self._request("GET", path)

    def user(self, number):
        response = self._request("GET", f"/user/{number}")
        if response:
            response = response.json()
            return response["id"]
        return response.reason

    def name(self, number):
        response = self._maybe(f"/user/{number}" if number else "")
        if not response:
            return "nothing"
        return response.json()["name"]

    def close(self):
        self.session.close()


def fetch(path):
    return requests.get(BASE + path)


def checked(path):
    r = fetch(path)
    try:
        r.raise_for_status()
    except requests.HTTPError as error:
        return error.response.reason
    return r.url.split("/")[-1]


def main():
    api = Api()
    print(api.user(1), api.user(99))
    print(api.last.ok, api.last.url.endswith("/user/99"))
    print(api.name(2), api.name(0), api.name(99))
    print(checked("/user/3"), checked("/user/99"))
    print(describe(fetch("/user/4")), is_there("/user/4"), is_there("/user/99"))
    if fetch("/user/4") and not fetch("/user/99"):
        print("the one, not the other")
    print(check.same(fetch("/user/4")).ok, fetch("/user/99").ok)
    api.close()


if __name__ == "__main__":
    main()
