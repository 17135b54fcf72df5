# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
# case: expect = aiohttp.BasicAuth(*PAIR)
import os

import requests
from requests.auth import HTTPBasicAuth

BASE = os.environ["BASE"]


PAIR = ("u", "p")


def main():
    print(requests.get(BASE + "/basic", auth=("u", "p")).status_code)
    print(requests.get(BASE + "/basic", auth=PAIR).status_code)
    print(requests.get(BASE + "/basic", auth=HTTPBasicAuth("u", "wrong")).status_code)
    print(requests.get(BASE + "/basic", auth=None).status_code)
    with requests.Session() as session:
        session.auth = ("u", "p")
        print(session.get(BASE + "/basic").json())


if __name__ == "__main__":
    main()
