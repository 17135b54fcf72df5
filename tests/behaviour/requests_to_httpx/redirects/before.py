# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    # The defaults: every verb follows up to 30 redirects, but `head` follows none.
    r = requests.get(BASE + "/redirect/3")
    print("get", r.status_code, len(r.history), [h.status_code for h in r.history])
    r = requests.get(BASE + "/redirect/21")
    print("21 hops", r.status_code, len(r.history))
    r = requests.head(BASE + "/redirect/1")
    print("head", r.status_code, len(r.history), r.headers["Location"])
    r = requests.head(BASE + "/redirect/1", allow_redirects=True)
    print("head, told to follow", r.status_code, len(r.history))
    r = requests.request("HEAD", BASE + "/redirect/1")
    print("request HEAD", r.status_code, len(r.history))
    r = requests.get(BASE + "/redirect/1", allow_redirects=False)
    print("get, told not to follow", r.status_code, len(r.history))
    r = requests.post(BASE + "/redirect/1", allow_redirects=False)
    print("post, told not to follow", r.status_code, r.headers["Location"])


if __name__ == "__main__":
    asyncio.run(main())
