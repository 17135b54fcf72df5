# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: expect = mounts=_mounts(self.proxies)
# case: expect = mounts=_mounts({"http": BASE}, verify=False)
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self, proxies=None):
        self.proxies = proxies

    def path(self, url):
        return requests.get(url, proxies=self.proxies, timeout=5).json()["path"]


def one(url):
    return requests.get(url, proxies={"http": BASE}, verify=False).json()["path"]


def of_a_session(url):
    session = requests.Session()
    session.proxies = {"http": BASE, "https": None}
    session.headers["X-A"] = "1"
    return session.get(url).json()["path"]


def main():
    host = BASE.removeprefix("http://")
    for proxies in ({"http": BASE}, {"http": host, "https": "http://127.0.0.1:1"}, {"http://example.test": BASE}):
        print(Api(proxies).path("http://example.test/echo?a=1").endswith("/echo?a=1"))
    print(Api().path(BASE + "/echo?b=2"), Api({"http": None}).path(BASE + "/echo?c=3"))
    print(one("http://example.test/echo?d=4").endswith("/echo?d=4"))
    print(of_a_session("http://example.test/echo?e=5").endswith("/echo?e=5"))


if __name__ == "__main__":
    main()
