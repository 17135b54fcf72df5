# case: args = --select requests_to_aiohttp
# case: expect = async for line in _iter_lines(response):
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def lines(path):
    found = []
    with requests.get(BASE + path, stream=True) as response:
        for line in response.iter_lines():
            found.append(line)
    return found


def until(path, last):
    response = requests.get(BASE + path, stream=True)
    for line in response.iter_lines():
        print(line)
        if line == last:
            break


def main():
    for path in ("/lines", "/lines?sep=%5Cr%5Cn&n=2&step=8", "/raw?body=a%0Ab|c%0A%0Ad", "/raw?body=", "/raw?body=%C3%A9%0A"):
        print(lines(path))
    until("/lines?n=9", b"line 1")


if __name__ == "__main__":
    main()
