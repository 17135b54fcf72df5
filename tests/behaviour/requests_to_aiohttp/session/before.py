# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.CookieJar(unsafe=True)
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def main():
    with requests.Session() as s:
        s.headers.update({"X-Token": "t"})
        s.headers["X-Other"] = "o"
        s.get(BASE + "/set-cookie?sid=abc")
        print(s.get(BASE + "/cookies").json())
        print([h for h in s.get(BASE + "/echo", headers={"X-Once": "1"}).json()["headers"] if h[0].startswith("X-")])
        print([h for h in s.get(BASE + "/echo").json()["headers"] if h[0].startswith("X-")])
        r = s.get(f"{BASE}/user/1", timeout=(3, 5))
        r.raise_for_status()
        print(r.json())
        r = s.post(BASE + "/echo", data="text")
        print(r.json()["body"])


if __name__ == "__main__":
    main()
