# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def main():
    if True: r = requests.get(BASE + "/user/1"); print(r.status_code); print(r.json())
    a = requests.get(BASE + "/status/200").text; print(a)
    requests.get(BASE + "/status/200"); print("sent")
    response = "taken"
    print(requests.get(  # the comment stays
        BASE + "/user/2",
        headers={"X": "1"},
    ).json()["name"], response)


if __name__ == "__main__":
    main()
