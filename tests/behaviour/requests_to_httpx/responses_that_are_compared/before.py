# case: args = --seed all --unsafe
# case: expect = print(first == second, first is kept, first != second, first is not second)
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


class Api:
    def __init__(self):
        self.last = None

    def get(self, path):
        response = requests.get(BASE + path)
        if response == self.last:
            print("the same")
        self.last = response
        return response


def main():
    api = Api()
    first = api.get("/user/1")
    kept = api.last
    second = api.get("/user/1")
    print(first == second, first is kept, first != second, first is not second)
    print(first == "text", second.json() == first.json(), second.ok)


if __name__ == "__main__":
    main()
