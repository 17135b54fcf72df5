# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def wait(key):
    response = requests.get(f"{BASE}/flaky?key={key}&fail=2")
    tries = 1
    while response.status_code == 503:
        tries += 1
        response = requests.get(f"{BASE}/flaky?key={key}&fail=2")
    return tries, response.json()


def until_ok(key):
    for attempt in range(5):
        r = requests.get(BASE + f"/flaky?key={key}&fail=3", timeout=5)
        if r.status_code == requests.codes.ok:
            break
    else:
        return None
    return attempt, r.json()


def until_no_error(key):
    for attempt in range(4):
        try:
            r = requests.get(BASE + f"/flaky?key={key}&fail=2")
            r.raise_for_status()
            return r.json()
        except requests.HTTPError as e:
            print("retry", attempt, e.response.status_code)
    raise RuntimeError("gave up")


def main():
    print(wait("a"), until_ok("b"), until_no_error("c"))


if __name__ == "__main__":
    main()
