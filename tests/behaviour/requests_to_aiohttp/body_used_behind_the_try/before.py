# case: args = --select requests_to_aiohttp
# case: expect = content = await response.read()
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def load(path):
    try:
        response = requests.get(BASE + path, timeout=5)
        response.raise_for_status()
    except requests.HTTPError as error:
        print("status", error.response.status_code, error.response.reason)
        return None
    except requests.RequestException:
        print("failed")
        return None
    return response.json()


def save(path):
    try:
        response = requests.get(BASE + path)
    except requests.ConnectionError:
        return b"none"
    with open("saved", "wb") as file:
        file.write(response.content)
    with open("saved", "rb") as file:
        return file.read()


def main():
    print(load("/user/1"), load("/user/99"), load("/drop"), load("/truncated"))
    print(save("/bytes/5"), save("/drop"))


if __name__ == "__main__":
    main()
