# case: args = --scope project --seed all
# case: reject = import requests
# case: expect = _without(
# case: expect = encoding="latin-1"
import os

import requests

BASE = os.environ["BASE"]
URL = BASE + "/echo"


def headers(response):
    return {name: value for name, value in response.json()["headers"] if name in ("Accept", "X-A", "X-B", "X-C")}


def main():
    with requests.Session() as session:
        session.headers.update({"X-A": "1", "X-B": "2"})
        print(headers(session.get(URL)))
        print(headers(session.get(URL, headers={"X-A": None})))
        print(headers(session.post(URL, headers={"X-C": "3", "X-A": None, "X-B": None}, json=[1])))
        print(headers(session.get(URL, headers={"X-A": None, "X-C": "caf\u00e9"}, timeout=5)))
        del session.headers["X-B"]
        print(headers(session.get(URL)))
    print(headers(requests.get(URL, headers={"Accept": None})))
    print(headers(requests.get(URL, headers={"X-A": None, "X-B": "1"})), headers(requests.get(URL, headers={"X-A": None})))


if __name__ == "__main__":
    main()
