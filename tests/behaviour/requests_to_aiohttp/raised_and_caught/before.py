# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def check(value):
    if value > 2:
        raise requests.ConnectionError("too large")
    if value < 0:
        raise requests.Timeout
    return requests.get(f"{BASE}/user/{value}").json()["id"]


def main():
    for value in (1, 3, -1):
        try:
            print(check(value))
        except requests.ConnectionError as error:
            print("connection", error)
        except requests.Timeout:
            print("timeout")


if __name__ == "__main__":
    main()
