# case: args = --select requests_to_aiohttp
# case: expect = text(errors="replace")
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def fetch(query):
    return requests.get(BASE + "/body?" + query).text


def main():
    for query in ("body=%C3%A9&ctype=text/plain;charset=utf-8", "body=%E9&ctype=text/plain;charset=latin-1",
                  "body=%FFa&ctype=text/plain;charset=utf-8", "body=%22%C3%A9%22&ctype=application/json", "body=&ctype=text/plain"):
        print(repr(fetch(query)))
    response = requests.get(BASE + "/gzip")
    print(response.text[:10], len(response.content), response.headers.get("content-encoding"))


if __name__ == "__main__":
    main()
