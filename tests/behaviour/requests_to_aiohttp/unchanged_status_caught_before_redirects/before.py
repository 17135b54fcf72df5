# case: args = --select requests_to_aiohttp --unsafe
# case: unchanged
import os

import requests

BASE = os.environ["BASE"]


def probe(path):
    try:
        response = requests.get(BASE + path)
        response.raise_for_status()
        return response.status_code
    except requests.HTTPError:
        return "status"
    except requests.TooManyRedirects:
        return "redirects"


def main():
    print(probe("/user/1"), probe("/user/99"), probe("/redirect/40"))


if __name__ == "__main__":
    main()
