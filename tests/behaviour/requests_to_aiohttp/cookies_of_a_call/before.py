# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def main():
    print(requests.get(BASE + "/cookies", cookies={"a": "1", "b": "two"}).json())
    print(requests.get(BASE + "/redirect-to?url=/cookies", cookies={"a": "1"}).json())
    print(requests.get(BASE + "/cookies").json())


if __name__ == "__main__":
    main()
