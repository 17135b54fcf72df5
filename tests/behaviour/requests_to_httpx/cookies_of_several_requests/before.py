# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = cookies={"a": "2"}) as client:
# case: expect = await s.send(s.build_request("GET", BASE + "/cookies", cookies={"once": "4"}, timeout=3))
import os

import requests

BASE = os.environ["BASE"]


def leaks():
    requests.get(BASE + "/set-cookie?leak=1")
    return requests.get(BASE + "/cookies").json()


def each():
    found = []
    for cookie in ("x", "y"):
        found.append(requests.get(BASE + f"/set-cookie?{cookie}=1").cookies.get_dict())
        found.append(requests.get(BASE + "/cookies").json())
    return found


def own():
    first = requests.get(BASE + "/cookies", cookies={"a": "1"}).json()
    second = requests.get(BASE + "/cookies", cookies={"a": "2"}).json()
    if requests.get(BASE + "/cookies").json()["cookie"]:
        return "kept"
    return first, second, requests.get(BASE + "/redirect-to?url=/cookies&cookie=z=9").json()


def of_a_session():
    s = requests.Session()
    s.cookies.set("m", "1")
    print(s.get(BASE + "/cookies", cookies={"once": "4"}, timeout=3).json())
    print(s.get(BASE + "/cookies").json())
    s.close()


def main():
    print(leaks())
    print(each())
    print(own())
    of_a_session()


if __name__ == "__main__":
    main()
