# case: args = --seed all --unsafe
# case: expect = await client.get(BASE + path)
# case: expect = except ValueError:
import os

import requests

BASE = os.environ["BASE"]


class Canned:
    """What a test would hand in."""

    status_code = 200
    text = "canned"

    def json(self):
        raise ValueError("no JSON")


class Instance:
    def __init__(self, response):
        self.response = response
        try:
            self.content = self.response.json()
        except ValueError:
            self.content = self.response.text

    def code(self):
        return self.response.status_code


def load(path):
    try:
        return Instance(requests.get(BASE + path))
    except requests.ConnectionError:
        return Instance(Canned())


def main():
    for instance in (load("/user/1"), load("/status/404"), load("/drop"), Instance(Canned())):
        print(instance.code(), instance.content)


if __name__ == "__main__":
    main()
