# case: args = --scope project --seed all
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def user(session, uid):
    r = session.get(f"{BASE}/user/{uid}", timeout=(3, 5))
    r.raise_for_status()
    return r.json()


def login(session: requests.Session) -> None:
    session.get(BASE + "/set-cookie?sid=abc")
    session.headers.update({"X-Token": "t"})


def main():
    with requests.Session() as s:
        login(s)
        print(s.get(BASE + "/cookies").json())
        print([h for h in s.get(BASE + "/echo").json()["headers"] if h[0] == "X-Token"])
        print(user(s, 1), user(session=s, uid=2))
        print(dict(s.cookies))


if __name__ == "__main__":
    main()
