"""A client that is assigned beside other values."""
# case: args = --scope project
# case: expect = client, note = httpx.AsyncClient(), "note"
# case: expect = self.client, self.name = client, name
import os

import httpx

BASE = os.environ["BASE"]


class Api:
    def __init__(self, client: httpx.Client, name):
        self.client, self.name = client, name

    def load(self):
        return self.client.get(BASE + "/echo").json()["method"], self.name


def main():
    client, note = httpx.Client(), "note"
    print(client.get(BASE + "/echo").status_code, note)
    client.close()
    with httpx.Client() as other:
        print(Api(other, "api").load())


if __name__ == "__main__":
    main()
