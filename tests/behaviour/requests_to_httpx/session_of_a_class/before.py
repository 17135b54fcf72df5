# case: args = --scope project --seed all
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self, base, token=None):
        self.base = base
        self.session = requests.Session()
        self.session.verify = False
        self.session.headers["X-Token"] = token or ""
        self.session.auth = ("u", "p")
        self.session.max_redirects = 5

    def _request(self, method, path, **options):
        r = self.session.request(method, self.base + path, timeout=options.get("timeout"))
        r.raise_for_status()
        return r.json()

    def get(self, path):
        return self._request("GET", path)

    def search(self, **query):
        return self.session.get(self.base + "/echo", params=query).json()["path"]

    def close(self):
        self.session.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def main():
    with Api(BASE, "t") as api:
        echo = api.get("/echo")
        print(echo["path"], sorted(h[1] for h in echo["headers"] if h[0].title() in ("X-Token", "Authorization")))
        print(api.search(q="x y", n=None))
        try:
            api.get("/redirect/6")
        except requests.TooManyRedirects:
            print("too many")
        try:
            api.get("/user/99")
        except requests.HTTPError as e:
            print(e.response.status_code, e.response.json())


if __name__ == "__main__":
    main()
