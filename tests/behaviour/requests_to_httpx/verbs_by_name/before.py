# case: args = --scope project --seed all
# case: expect = async def run
import os

import requests

BASE = os.environ["BASE"]


def run():
    for verb in ("get", "post", "put", "patch", "delete", "options"):
        r = getattr(requests, verb)(BASE + "/echo")
        print(verb, r.status_code, r.json()["method"])
    r = requests.head(BASE + "/redirect/1")
    print("head", r.status_code, len(r.history))
    r = requests.request("HEAD", BASE + "/redirect/1")
    print("request HEAD", r.status_code, len(r.history))
    r = requests.get(BASE + "/redirect/21")
    print("21 hops", r.status_code, len(r.history))


if __name__ == "__main__":
    run()
