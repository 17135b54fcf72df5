# case: expect = self.client = httpx.AsyncClient(base_url=BASE)
# case: expect = self.session = httpx.Client(base_url=BASE)
import os

import httpx

BASE = os.environ["BASE"]


class Good:
    def __init__(self):
        self.client = httpx.Client(base_url=BASE)

    def load(self):
        return self.client.get("/echo").status_code


class Bad:
    def __init__(self):
        self.session = httpx.Client(base_url=BASE)
        self.fetch = self.session.get

    def load(self):
        return self.fetch("/echo").status_code


def main():
    print(Good().load(), Bad().load())


if __name__ == "__main__":
    main()
