# case: args = --select requests_to_aiohttp --unsafe
# case: unchanged
import os

import requests

BASE = os.environ["BASE"]


def main():
    print([requests.get(f"{BASE}/user/{uid}").json()["name"] for uid in (1, 2)])


if __name__ == "__main__":
    main()
