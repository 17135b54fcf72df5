# case: args = --scope project --seed all --unsafe
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]
session = requests.Session()


def fetch(uid):
    return session.get(f"{BASE}/user/{uid}").json()["name"]


def main():
    session.headers["X-A"] = "1"
    print([fetch(uid) for uid in (1, 2)])
    session.close()


if __name__ == "__main__":
    main()
