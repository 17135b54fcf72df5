# case: args = --scope project --seed all
# case: reject = import requests
# case: expect = .event_hooks["response"].append(_response_hook(count))
# case: expect = if response.is_error:
import os

import requests

BASE = os.environ["BASE"]
SEEN = []


def count(response, *args, **kwargs):
    SEEN.append((response.status_code, len(response.content), response.reason))


def check(response: requests.Response, *args, **kwargs):
    response.raise_for_status()
    return response


class Api:
    def __init__(self):
        self.paths = []
        self.session = requests.Session()
        self.session.hooks["response"].append(self._note)
        self.session.hooks["response"].append(lambda r, *args, **kwargs: r.raise_for_status())

    def _note(self, r, **kwargs):
        self.paths.append(r.url.rsplit("/", 1)[-1])

    def user(self, number):
        return self.session.get(f"{BASE}/user/{number}").json()["name"]


def main():
    session = requests.Session()
    session.hooks["response"].append(count)
    session.get(BASE + "/redirect/1")
    print([status for status, _, _ in SEEN])
    session.hooks = {"response": [count, check]}
    try:
        session.get(BASE + "/user/99")
    except requests.HTTPError as error:
        print(error.response.status_code, error.response.json()["error"], SEEN[-1])
    session.hooks["response"] = check
    print(session.get(BASE + "/user/1").json()["id"], len(SEEN))
    session.close()
    api = Api()
    print(api.user(1), api.paths)
    try:
        api.user(98)
    except requests.HTTPError as error:
        print(error.response.status_code, api.paths)
    api.session.close()


if __name__ == "__main__":
    main()
