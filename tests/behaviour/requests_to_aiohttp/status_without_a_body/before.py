# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def exists(path):
    return requests.head(BASE + path).status_code == 200


def large():
    response = requests.get(BASE + "/bytes/300000")
    return response.status_code, response.headers["Content-Length"], "X-None" in response.headers


def main():
    print(exists("/status/200"), exists("/status/404"), large())
    response = requests.get(BASE + "/status/304")
    response.raise_for_status()
    print(response.status_code, response.reason)


if __name__ == "__main__":
    main()
