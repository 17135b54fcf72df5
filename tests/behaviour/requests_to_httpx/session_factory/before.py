# case: args = --scope project --seed all
# case: reject = import requests
import os
from contextlib import ExitStack, contextmanager

import requests

BASE = os.environ["BASE"]


def make(token) -> requests.Session:
    session = requests.Session()
    session.headers["X-A"] = token
    return session


@contextmanager
def api():
    with requests.Session() as s:
        s.headers["X-A"] = "1"
        yield s


def fetch(path, session=None):
    own = session or make("own")
    r = own.get(BASE + path)
    if session is None:
        own.close()
    return r.json()["path"]


def main():
    s = make("made")
    print(s.get(BASE + "/echo").json()["method"])
    s.close()
    with api() as s:
        print(sorted(h[1] for h in s.get(BASE + "/echo").json()["headers"] if h[0] == "X-A"))
    with ExitStack() as stack:
        s = stack.enter_context(requests.Session())
        print(s.get(BASE + "/user/3").json()["id"])
    print(fetch("/echo?a"))


if __name__ == "__main__":
    main()
