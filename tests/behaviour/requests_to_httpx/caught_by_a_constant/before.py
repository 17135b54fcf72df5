# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: expect = RETRIED = (httpx.TimeoutException,
# case: expect = except RETRIED
import os

import requests

BASE = os.environ["BASE"]
RETRIED = (requests.Timeout, requests.ConnectionError)
# Nothing comes of these.
FINAL = (
    requests.HTTPError,
    KeyError,
)


def fetch(url):
    response = requests.get(url, timeout=5)
    response.raise_for_status()
    return response.text


def retried(url):
    for _ in range(2):
        try:
            return requests.get(url, timeout=0.2).text
        except RETRIED:
            print("again")
    return "given up"


def status(url):
    try:
        return fetch(url)
    except RETRIED:
        return "no answer"
    except FINAL:
        return "final"


def main():
    print(retried(f"{BASE}/status/200?body=fine"), retried("http://127.0.0.1:9/"))
    print(status(f"{BASE}/status/200?body=fine"), status(f"{BASE}/status/404"), status("http://127.0.0.1:9/"))


if __name__ == "__main__":
    main()
