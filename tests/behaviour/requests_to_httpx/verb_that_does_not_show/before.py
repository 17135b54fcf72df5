# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = await self.session.request(verb.lower(), BASE + path, json=json)
# case: expect = await session.request(verb, BASE + path)
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self):
        self.session = requests.Session()

    def call(self, verb, path, json=None):
        response = getattr(self.session, verb.lower())(BASE + path, json=json)
        return response.json()["method"]

    def close(self):
        self.session.close()


def once(verb, path):
    with requests.Session() as session:
        return getattr(session, verb)(BASE + path).json()["method"]


def raised(path):
    response = requests.get(BASE + path)
    try:
        answer = response.raise_for_status()
    except requests.HTTPError:
        return "raised"
    return answer, response.raise_for_status() or "nothing", [response.raise_for_status()]


def main():
    api = Api()
    print([api.call(verb, "/echo") for verb in ("GET", "DELETE")], api.call("POST", "/echo", {"a": 1}))
    api.close()
    print(once("put", "/echo"), once("options", "/echo"))
    print(raised("/user/1"), raised("/user/99"))


if __name__ == "__main__":
    main()
