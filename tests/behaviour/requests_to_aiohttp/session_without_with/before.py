# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def closed_by_hand():
    session = requests.Session()
    try:
        return session.get(BASE + "/user/1").json()
    finally:
        session.close()


def collect(ids):
    session = requests.Session()
    found = []
    for uid in ids:
        response = session.get(f"{BASE}/user/{uid}")
        found.append(response.json()["name"])
    return found


def main():
    print(closed_by_hand(), collect([1, 2]))


if __name__ == "__main__":
    main()
