# case: args = --select requests_to_aiohttp --unsafe
# case: expect = aiohttp.ClientSession() as session
# case: expect = await response.json()
# case: expect = await response.text()
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def user(uid):
    response = requests.get(f"{BASE}/user/{uid}", timeout=5)
    response.raise_for_status()
    return response.json()


def main():
    print(user(1))
    print(requests.get(BASE + "/status/200").text)


if __name__ == "__main__":
    main()
