# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: expect = options["follow_redirects"] = follow
# case: expect = await client.request(**call)
import os

import requests

BASE = os.environ["BASE"]


def status(path, follow, token=None):
    options = {"timeout": 5, "headers": {"X-A": "1"}}
    options["allow_redirects"] = follow
    if token:
        options["headers"]["X-Token"] = token
    return requests.get(BASE + path, **options).status_code


def send(method, path, body=None):
    call = {"method": method, "url": BASE + path}
    if body is not None:
        call["json"] = body
    response = requests.request(**call)
    return response.json()["method"], response.json()["body"]


class Api:
    def __init__(self, options):
        self.options = options
        self.session = requests.Session()

    def user(self, number):
        return self.session.get(f"{BASE}/user/{number}", **self.options).json()["name"]


def main():
    print(status("/redirect/1", True), status("/redirect/1", False, "t"))
    print(send("GET", "/echo"), send("DELETE", "/echo", [1]))
    api = Api({"timeout": 5, "headers": {"X-B": "2"}})
    print(api.user(3))
    api.session.close()


if __name__ == "__main__":
    main()
