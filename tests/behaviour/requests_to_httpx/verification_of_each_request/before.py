# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = self.session = httpx.AsyncClient(timeout=None, follow_redirects=True, max_redirects=30, verify=self.verify)
# case: expect = await self.session.get(self.base + "/user/1", timeout=5)
# case: expect = max_redirects=30, verify=False) as session:
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self, base, verify=True):
        self.base = base
        self.verify = verify
        self.session = requests.Session()

    def user(self):
        return self.session.get(self.base + "/user/1", verify=self.verify, timeout=5).json()["name"]

    def create(self, **fields):
        response = self.session.post(
            self.base + "/echo",
            json=fields,
            verify=self.verify,
        )
        return response.json()["method"]

    def close(self):
        self.session.close()


def local():
    session = requests.Session()
    session.headers["X-A"] = "1"
    first = session.get(BASE + "/echo", verify=False)
    second = session.delete(BASE + "/echo", verify=False, proxies=None)
    return dict(first.json()["headers"])["X-A"], second.json()["method"]


def main():
    api = Api(BASE)
    print(api.user(), api.create(a=1))
    api.close()
    print(local())


if __name__ == "__main__":
    main()
