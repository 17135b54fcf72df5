# case: args = --select requests_to_aiohttp
# case: expect = skip_auto_headers=("Content-Type",)
# case: expect = data=_pairs(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def sent(response_data):
    headers = dict(response_data["headers"])
    return response_data["method"], response_data["body"], headers.get("Content-Type"), headers.get("Content-Length")


def form(name, note=None):
    return sent(requests.post(BASE + "/echo", data={"name": name, "note": note}).json())


def main():
    print(form("a b"), form("é", "x&y"))
    print(sent(requests.post(BASE + "/echo", data="text").json()))
    print(sent(requests.post(BASE + "/echo", data=b"bytes").json()))
    print(sent(requests.post(BASE + "/echo", data="<a/>", headers={"Content-Type": "text/xml"}).json()))
    print(sent(requests.post(BASE + "/echo").json()))
    print(sent(requests.put(BASE + "/echo", data=None).json()))
    print(sent(requests.post(BASE + "/echo", json={"a": [1, None, "é"]}).json()))
    print(sent(requests.post(BASE + "/echo", {"x": 1}).json()))
    print(sent(requests.post(BASE + "/echo", None, {"y": 2}).json()))
    print(sent(requests.delete(BASE + "/echo", json={"ids": [1]}).json()))


if __name__ == "__main__":
    main()
