# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: expect = http.HTTPStatus.OK
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def names(ids):
    found = []
    for uid in ids:
        response = requests.get(f"{BASE}/user/{uid}")
        if not response.ok:
            print("skipped", response.status_code)
            continue
        found.append(response.json()["name"])
        if len(found) == 3:
            break
    return found


def first(ids):
    for uid in ids:
        response = requests.get(f"{BASE}/user/{uid}")
        if response.status_code == requests.codes.ok:
            return response.json()
    return None


def main():
    print(names([1, 95, 2, 3, 4]))
    print(first([99, 98, 7]), first([99]))


if __name__ == "__main__":
    main()
