# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: expect = await client.request(method.lower(), BASE + path, json=body)
import os

import requests

BASE = os.environ["BASE"]


def call(method, path, body=None):
    response = getattr(requests, method.lower())(BASE + path, json=body)
    return response.json()["method"], response.json()["body"]


def main():
    print(call("GET", "/echo"), call("POST", "/echo", [1]), call("DELETE", "/echo", [2]))


if __name__ == "__main__":
    main()
