# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: reject = .prepare
# case: expect = await session.send(prepared)
import os

import requests
from requests import Request

BASE = os.environ["BASE"]


def names(response):
    return sorted(name for name, _ in response.json()["headers"] if name.startswith("X-"))


class Api:
    def __init__(self):
        self.session = requests.Session()
        self.session.headers["X-Session"] = "1"

    def call(self, method, path, body):
        request = requests.Request(method, BASE + path, json=body, headers={"X-Own": "2"})
        prepared = self.session.prepare_request(request)
        prepared.headers.update({"X-Late": "3"})
        return self.session.send(prepared, timeout=5)


def main():
    with requests.Session() as session:
        session.headers["X-Session"] = "1"
        prepared = session.prepare_request(requests.Request("POST", BASE + "/echo", data={"a": 1}))
        prepared.headers["X-Late"] = "2"
        response = session.send(prepared)
        print(prepared.method, prepared.url == BASE + "/echo", prepared.body, response.json()["body"], names(response))
        redirected = session.prepare_request(Request("GET", BASE + "/redirect/1", params={"n": "1"}))
        print(session.send(redirected).status_code, session.send(redirected, allow_redirects=False).status_code)
        response = session.send(redirected, allow_redirects=False, stream=False)
        print(response.is_redirect, response.next.url, session.send(response.next).status_code)
        alone = Request("PUT", BASE + "/echo", headers={"X-Own": "1"}, data=None).prepare()
        alone.url = BASE + "/echo?late=1"
        response = session.send(alone, timeout=(3, 5))
        print(response.json()["method"], response.json()["path"], names(response))
    api = Api()
    response = api.call("PATCH", "/echo", [1])
    print(response.json()["method"], response.json()["body"], names(response))
    api.session.close()


if __name__ == "__main__":
    main()
