# case: args = --select requests_to_aiohttp
# case: expect = json.loads(await response.text())
# case: expect = await response.read()
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def data(path):
    try:
        return requests.get(BASE + path).json()
    except ValueError:
        return "no JSON"


def guarded(path):
    response = requests.get(BASE + path)
    try:
        found = response.json()
    except ValueError:
        found = "not JSON"
    return response.status_code, found


def pairs(path):
    return requests.get(BASE + path).json(object_pairs_hook=list)


def named_like_the_module(path):
    json = requests.get(BASE + path).json()
    return json["id"]


def main():
    for path in ("/user/1", "/status/204", "/status/200", "/body?body=&ctype=application/json",
                 "/body?body=%7B%22a%22:1%7D&ctype=text/html;charset=utf-8", "/body?body=%5B%5D&ctype=application/json"):
        print(path, data(path), guarded(path))
    print(pairs("/user/2"), named_like_the_module("/user/3"))


if __name__ == "__main__":
    main()
