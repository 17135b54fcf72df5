# case: args = --seed all --unsafe
# case: expect = proxy=proxy or None
# case: expect = verify=not insecure
# case: expect = mounts=_mounts(proxies) if proxies is not None else None
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


class Client:
    def __init__(self, proxy=None, insecure=False):
        self.session = requests.Session()
        self.session.headers["X-Client"] = "1"
        if proxy:
            self.session.proxies = {"http": proxy, "https": proxy}
        if insecure:
            self.session.verify = False

    def name(self, url):
        return self.session.get(url).json()["name"]

    def close(self):
        self.session.close()


class Other:
    def __init__(self, proxies=None):
        self.session = requests.Session()
        if proxies is not None:
            self.session.proxies = proxies

    def name(self, url):
        return self.session.get(url).json()["name"]

    def close(self):
        self.session.close()


def main():
    for client in (Client(), Client(insecure=True), Other()):
        print(client.name(BASE + "/user/1"))
        client.close()
    for client in (Client(BASE), Other({"http": BASE})):
        print(client.name("http://other.test/user/2"))
        client.close()


if __name__ == "__main__":
    main()
