# case: args = --scope project --seed all --unsafe
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self, base, token=None):
        self.base = base
        self.session = requests.Session()
        self.session.headers["X-Token"] = token or ""
        self.session.auth = ("u", "p")
        self.session.params = {"k": "1"}
        self.session.max_redirects = 5

    def _request(self, method, path, **kwargs):
        r = self.session.request(method, self.base + path, **kwargs)
        r.raise_for_status()
        return r.json()

    def get(self, path, **kwargs):
        return self._request("GET", path, **kwargs)

    def close(self):
        self.session.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def main():
    with Api(BASE, "t") as api:
        echo = api.get("/echo", params={"q": "x y"})
        print(echo["path"], sorted(h[1] for h in echo["headers"] if h[0] in ("X-Token", "Authorization")))
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
