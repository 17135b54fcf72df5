# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = self._send(partial(self.session.request, "GET"), "/echo", params=params)
# case: expect = self._send(self.session.put, "/echo", data=fields)
# case: expect = response = await method(self.base + path, timeout=5, **options)
# case: expect = verbs = {"GET": self.session.get, "POST": self.session.post}
# case: expect = (await verbs[verb](self.base + "/echo")).json()["method"]
import os

import requests

BASE = os.environ["BASE"]


class Client:
    def __init__(self, base):
        self.base = base
        self.session = requests.Session()
        self.session.headers["X-Api"] = "1"

    def close(self):
        self.session.close()

    def _send(self, method, path, **options):
        response = method(self.base + path, timeout=5, **options)
        if not response.ok:
            raise LookupError(response.status_code)
        return response.json()

    def find(self, **params):
        return self._send(self.session.get, "/echo", params=params)

    def put(self, **fields):
        return self._send(self.session.put, "/echo", data=fields)

    def remove(self, number):
        return self._send(method=self.session.delete, path="/user/%d" % number)


class Table:
    def __init__(self, base):
        self.base = base
        self.session = requests.Session()

    def call(self, verb):
        verbs = {"GET": self.session.get, "POST": self.session.post}
        return verbs[verb](self.base + "/echo").json()["method"]

    def one_of(self, body):
        method = self.session.get
        if body is not None:
            method = self.session.post
        return method(self.base + "/echo").json()["method"]


def main():
    client = Client(BASE)
    print(client.find(a="1", b="2")["path"], client.put(c="3")["body"])
    try:
        client.remove(95)
    except LookupError as error:
        print(error)
    client.close()
    table = Table(BASE)
    print(table.call("GET"), table.call("POST"), table.one_of(None), table.one_of("x"))


if __name__ == "__main__":
    main()
