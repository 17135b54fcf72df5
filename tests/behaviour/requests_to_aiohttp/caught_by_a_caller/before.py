# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def fetch(path):
    response = requests.get(BASE + path, timeout=1)
    response.raise_for_status()
    return response.json()


def safe(path):
    try:
        return fetch(path)
    except requests.HTTPError as error:
        return error.response.status_code
    except (requests.ConnectionError, requests.Timeout):
        return "network"


def main():
    print(safe("/user/1"), safe("/user/99"), safe("/drop"), safe("/slow?s=2"))


if __name__ == "__main__":
    main()
