# case: args = --scope project --select requests_to_httpx
# case: may stay
# The session that a caller gives and that of the class are one unit: it is taken whole, or left whole.
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self, session=None):
        self.session = session or requests.Session()

    def get(self, path):
        return self.session.get(BASE + path, timeout=5).json()

    def close(self):
        self.session.close()


def own():
    api = Api()
    try:
        return api.get("/json")
    finally:
        api.close()


def shared():
    session = requests.Session()
    try:
        return Api(session).get("/json")
    finally:
        session.close()


def main():
    print(own())
    print(shared())


if __name__ == "__main__":
    main()
