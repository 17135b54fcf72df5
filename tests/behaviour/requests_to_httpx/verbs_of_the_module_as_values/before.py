# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = return await self._send(partial(client.request, "GET"), "/echo", params={"q": query})
# case: expect = verbs = {"get": client.get, "put": client.put}
# case: expect = return await read(client.get, "/user/%d" % number)
import os
import time

import requests
from requests import post, delete as remove

BASE = os.environ["BASE"]


class Client:
    def _send(self, func, path, **options):
        response = func(BASE + path, headers={"X-Api": "1"}, **options)
        response.raise_for_status()
        return response.json()

    def find(self, query):
        return self._send(requests.get, "/echo", params={"q": query})

    def create(self, fields):
        try:
            return self._send(post, "/echo", json=fields)
        except requests.HTTPError as error:
            return error.response.status_code

    def remove(self, path):
        try:
            return self._send(remove, path)
        except requests.HTTPError as error:
            return error.response.status_code


def read(func, path):
    for attempt in range(2):
        response = func(BASE + path)
        if response.ok:
            return response.json()
        time.sleep(0.01)


def user(number):
    return read(requests.get, "/user/%d" % number)


def call(verb):
    verbs = {"get": requests.get, "put": requests.put}
    return verbs[verb](BASE + "/echo").json()["method"]


def chosen(body):
    if body is None:
        method = requests.get
    else:
        method = requests.post
    return method(BASE + "/echo").json()["method"]


def main():
    client = Client()
    print(client.find("x")["path"], client.create({"a": 1})["method"], client.remove("/user/95"), client.remove("/echo")["method"])
    print(user(1), user(95), call("get"), call("put"), chosen(None), chosen("x"))


if __name__ == "__main__":
    main()
