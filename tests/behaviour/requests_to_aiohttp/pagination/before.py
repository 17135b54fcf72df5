# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def items():
    page = 1
    while page:
        data = requests.get(BASE + "/pages", params={"page": page, "last": 3}).json()
        yield from data["items"]
        page = data["next"]


def all_items():
    found = []
    url = BASE + "/pages?page=1&last=3"
    while url:
        response = requests.get(url)
        response.raise_for_status()
        data = response.json()
        found.extend(data["items"])
        url = f"{BASE}/pages?page={data['next']}&last=3" if data["next"] else None
    return found


def main():
    print(list(items()))
    print(all_items())


if __name__ == "__main__":
    main()
