# case: args = --scope project --seed all
# case: reject = import requests
# case: reject rules.py = import requests
import os

import requests

import rules
from rules import check, parse

BASE = os.environ["BASE"]


def fetch(path):
    return requests.get(BASE + path)


def local(response):
    response.raise_for_status()
    return "fine"


def outer(path):
    response = fetch(path)
    try:
        return local(response)
    except requests.HTTPError as error:
        return error.response.status_code


def elsewhere(path):
    response = fetch(path)
    try:
        check(response)
    except requests.exceptions.HTTPError:
        return "caught"
    return "fine"


def read(path):
    response = fetch(path)
    try:
        return parse(response)
    except requests.exceptions.JSONDecodeError:
        return "no JSON"


def main():
    print(outer("/user/1"), outer("/user/99"))
    print(elsewhere("/user/1"), elsewhere("/user/99"))
    print(read("/user/2"), read("/lines"))
    print(rules.safely(fetch("/user/99")), rules.safely(fetch("/user/3")))


if __name__ == "__main__":
    main()
