# case: expect = await api.client.aclose()
import os

import httpx

BASE = os.environ["BASE"]


class Box:
    pass


class Settings:
    client = None


def make():
    client = httpx.Client(base_url=BASE)
    return client


class Api:
    client: httpx.Client

    def open(self):
        self.client = make()
        return self

    def load(self):
        return self.client.get("/echo").json()["path"]


def main():
    api = Api().open()
    print(api.load())
    print(api.client.base_url.path)
    api.client.close()


if __name__ == "__main__":
    main()
