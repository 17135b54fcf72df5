# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import contextlib
import os

import requests

BASE = os.environ["BASE"]


async def probe(path, **options):
    try:
        r = requests.get(BASE + path, timeout=(3, 0.2))
        r.raise_for_status()
        return r.json()
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ConnectTimeout):
        return "network"
    except requests.RequestException as e:
        if e.response is not None:
            return f"status {e.response.status_code} {e.response.reason} {e.response.ok}"
        return "no response"


async def main():
    for path in ("/user/1", "/user/99", "/status/503", "/drop", "/slow?s=1", "/lines?n=1"):
        print(path, await probe(path))
    with contextlib.suppress(requests.Timeout):
        requests.get(BASE + "/slow?s=1", timeout=0.1)
        print("not reached")
    try:
        try:
            requests.get(BASE + "/user/99").raise_for_status()
        finally:
            print("finally")
    except (KeyError, requests.HTTPError) as e:
        print(type(e).__name__.startswith("HTTP"))
    try:
        print(requests.get(BASE + "/lines?n=1").json())
    except (requests.RequestException, ValueError):
        print("no json")


if __name__ == "__main__":
    asyncio.run(main())
