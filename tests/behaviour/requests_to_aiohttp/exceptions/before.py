# case: args = --select requests_to_aiohttp --unsafe
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def probe(path, timeout=None):
    try:
        r = requests.get(BASE + path, timeout=timeout)
        r.raise_for_status()
        return r.status_code, len(r.text)
    except requests.exceptions.ReadTimeout:
        return "read timeout"
    except requests.ConnectionError:
        return "connection"
    except requests.TooManyRedirects:
        return "redirects"
    except requests.HTTPError as e:
        return "status", e.response.status_code
    except requests.RequestException:
        return "other"


def main():
    for path in ("/user/1", "/user/99", "/redirect/31", "/drop", "/truncated", "/badgzip"):
        print(path, probe(path))
    print(probe("/slow?s=1", 0.1))
    try:
        requests.get("ftp://127.0.0.1/path")
    except requests.exceptions.InvalidSchema:
        print("unknown schema")
    try:
        print(requests.get(BASE + "/status/200").json())
    except requests.exceptions.JSONDecodeError:
        print("no json")
    try:
        requests.get(BASE + "/slow?s=1", timeout=(3, 0.1))
    except requests.Timeout:
        print("timeout")
    finally:
        print("finally")
    try:
        requests.get("http://127.0.0.1:9/")
    except requests.Timeout:
        print("timeout")
    except requests.ConnectionError:
        print("refused")


if __name__ == "__main__":
    main()
