# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientTimeout(sock_connect=limit, sock_read=limit)
# case: expect = sock_connect=LIMITS[0], sock_read=LIMITS[1]
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


LIMITS = (3, 0.2)


def slow(seconds, limit: float = 0.2):
    try:
        return requests.get(f"{BASE}/slow?s={seconds}", timeout=limit).json()
    except requests.Timeout:
        return "timeout"


def pair(seconds):
    try:
        return requests.get(f"{BASE}/slow?s={seconds}", timeout=LIMITS).status_code
    except requests.exceptions.ReadTimeout:
        return "read timeout"


def mixed():
    first = requests.get(BASE + "/status/200", timeout=5).text
    second = requests.get(BASE + "/slow?s=0.3").status_code
    third = requests.get(BASE + "/status/201", timeout=None).status_code
    return first, second, third


def main():
    print(slow(0), slow(1), slow(0.3, limit=5), slow(0.1, limit=None))
    print(pair(0), pair(1))
    print(mixed())


if __name__ == "__main__":
    main()
