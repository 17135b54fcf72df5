# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: expect = except StopAsyncIteration:
import os
from contextlib import closing

import requests

BASE = os.environ["BASE"]


def header(url):
    with closing(requests.get(url, stream=True)) as response:
        lines = response.iter_lines()
        return next(lines), list(lines)


def first(url):
    response = requests.get(url, stream=True)
    try:
        return next(response.iter_content(4))
    except StopIteration:
        return b"nothing"
    finally:
        response.close()


def main():
    print(header(BASE + "/lines?n=3"), first(BASE + "/lines?n=1"), first(BASE + "/body?body="))
    response = requests.get(BASE + "/bytes/6", stream=True)
    chunks = response.iter_content(4)
    print(next(chunks), next(chunks, b"end"), next(chunks, b"end"))
    response.close()


if __name__ == "__main__":
    main()
