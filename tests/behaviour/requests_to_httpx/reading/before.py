# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    r = requests.get(BASE + "/bytes/10")
    print([chunk for chunk in r.iter_content(4)], len(list(r.iter_content())))
    r.close()
    r = requests.get(BASE + "/lines?n=3")
    for line in r.iter_lines():
        print(line)
    r = requests.get(BASE + "/user/1")
    r.encoding = "latin-1"
    print(r.text, r.encoding)
    r = requests.get(BASE + "/set-cookie?a=1&b=2")
    for cookie in r.cookies:
        print(cookie.name, cookie.value)
    print(sorted(r.cookies.keys()), "a" in r.cookies, dict(r.cookies), len(r.cookies))
    r = requests.get(BASE + "/redirect/2")
    for hop in r.history:
        hop.raise_for_status()
        print(hop.status_code, hop.reason, hop.ok, hop.is_redirect)
    print(r.history[0].url.endswith("/redirect/2"), r.next is None)


if __name__ == "__main__":
    asyncio.run(main())
