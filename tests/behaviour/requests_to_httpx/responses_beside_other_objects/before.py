"""A place that holds a response or something else, and whose uses both have."""
# case: args = --scope project --unsafe
# case: expect = response = await client.get(
import os

import requests

BASE = os.environ["BASE"]


class Failed(RuntimeError):
    def __init__(self, message, response):
        super().__init__(message)
        self.response = response

    def code(self):
        return self.response.status_code


class Double:
    status_code = 77


def load(path):
    response = requests.get(BASE + path, timeout=5)
    if response.status_code != 200:
        raise Failed("failed", response)
    return response.json()


def main():
    print(sorted(load("/echo")))
    try:
        load("/status/404")
    except Failed as error:
        print(error, error.code())
    print(Failed("double", Double()).code())


if __name__ == "__main__":
    main()
