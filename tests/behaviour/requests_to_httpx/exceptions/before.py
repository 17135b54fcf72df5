# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def probe(path, timeout=None):
    try:
        r = requests.get(BASE + path, timeout=timeout)
        r.raise_for_status()
        return r.status_code
    except requests.exceptions.ReadTimeout:
        return "read timeout"
    except requests.ConnectionError:
        return "connection"
    except requests.TooManyRedirects:
        return "redirects"
    except requests.HTTPError as e:
        return "status", e.response.status_code, e.response.text
    except requests.RequestException:
        return "other"


async def main():
    for path in ("/user/1", "/user/99", "/redirect/31", "/drop"):
        print(path, await probe(path))
    print(await probe("/slow?s=1", 0.1))
    try:
        requests.get("no-scheme/path")
    except requests.exceptions.MissingSchema:
        print("missing schema")
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


if __name__ == "__main__":
    asyncio.run(main())
