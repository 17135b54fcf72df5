# case: args = --select requests_to_aiohttp --unsafe
# case: unchanged
import os

import requests

BASE = os.environ["BASE"]


def fetch(uid):
    return requests.get(f"{BASE}/user/{uid}")


def main():
    response = fetch(1)
    print(response.status_code, response.json())


if __name__ == "__main__":
    main()
