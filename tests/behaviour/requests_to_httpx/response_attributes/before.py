# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import json
import os

import requests

BASE = os.environ["BASE"]


async def main():
    r = requests.get(BASE + "/redirect/2")
    print(r.url.split("/")[-1], r.url.startswith(BASE), "echo" in r.url, json.dumps({"u": r.url.replace(BASE, "")}))
    print([h.url.replace(BASE, "") for h in r.history], r.request.url.endswith("end=1"), r.request.method)
    print(f"{r.url}" == BASE + "/echo?end=1", r.url == BASE + "/echo?end=1")
    print(r.reason, r.headers["content-type"], "Content-Type" in r.headers, r.headers.get("X-None", "none"))
    print(type(r.elapsed).__name__, requests.get(BASE + "/links").links["next"]["url"])
    r = requests.get(BASE + "/user/1")
    print(r.json(parse_int=str), r.content[:5], r.text[-3:], r.is_redirect)
    r = requests.get(BASE + "/status/302?loc=/x", allow_redirects=False)
    print(r.is_redirect, r.is_permanent_redirect, r.headers["Location"])


if __name__ == "__main__":
    asyncio.run(main())
