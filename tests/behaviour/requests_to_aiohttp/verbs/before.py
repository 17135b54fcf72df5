# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def main():
    for path in ("/echo", "/status/404"):
        r = requests.get(BASE + path)
        print("get", r.status_code, r.ok, r.reason)
    r = requests.post(BASE + "/echo", json={"a": 1})
    data = r.json()
    print(data["method"], data["body"])
    r = requests.put(BASE + "/echo", data={"a": "x y", "b": 2})
    data = r.json()
    print(data["method"], data["body"])
    r = requests.patch(BASE + "/echo", data=b"abc", headers={"Content-Type": "text/x"})
    data = r.json()
    print(data["method"], data["body"], dict(data["headers"])["Content-Type"])
    print(requests.delete(BASE + "/echo").json()["method"])
    print(requests.options(BASE + "/echo").json()["method"])
    print(requests.head(BASE + "/redirect/1").status_code)
    print(requests.request("PURGE", BASE + "/echo").json()["method"])


if __name__ == "__main__":
    main()
