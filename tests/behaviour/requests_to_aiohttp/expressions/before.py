# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def total(uid):
    count = 10
    count += requests.get(f"{BASE}/user/{uid}").json()["id"]
    return count


def name(uid):
    return requests.get(f"{BASE}/user/{uid}").json()["name"].upper()


def shown(uid):
    return f"user {requests.get(f'{BASE}/user/{uid}').json()['name']}"


def main():
    print(total(1), name(2), shown(3))
    if requests.get(BASE + "/status/200").ok:
        print("fine")
    else:
        print("not fine")
    for item in requests.get(BASE + "/pages?page=1").json()["items"]:
        print(item)
    assert requests.get(BASE + "/status/204").status_code == 204
    print([n for n in requests.get(BASE + "/bytes/4").content])
    print(len(requests.get(BASE + "/status/200").text))
    if not requests.get(BASE + "/status/500"):
        print("an error is false")
    print(requests.get(BASE + "/user/1").headers["content-type"])


if __name__ == "__main__":
    main()
