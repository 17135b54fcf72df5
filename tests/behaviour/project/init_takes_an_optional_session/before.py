# case: args = --scope project --select requests_to_httpx --unsafe
# case: expect = async def get(
# case: reject = import requests
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
    session.headers["X-Who"] = "ann"
    try:
        return Api(session).get("/echo")["headers"]["x-who"]
    finally:
        session.close()


def main():
    print(own())
    print(shared())


if __name__ == "__main__":
    main()
