# case: args = --scope project --select httpx_to_async
# case: expect = def __init__(self, session=None):
# case: expect = httpx.AsyncClient(
# case: expect = return (await self.session.get("/json")).json()
# case: reject = httpx.Client(
# The parameter takes the class's own client and that of a caller: both are one unit.
import os

import httpx

BASE = os.environ["BASE"]


class Api:
    def __init__(self, session=None):
        self.session = session or httpx.Client(base_url=BASE)

    def get(self):
        return self.session.get("/json").json()

    def close(self):
        self.session.close()


def own():
    api = Api()
    try:
        return api.get()
    finally:
        api.close()


def shared():
    with httpx.Client(base_url=BASE) as client:
        return Api(client).get()


def main():
    print(own())
    print(shared())


if __name__ == "__main__":
    main()
