# case: args = --scope project --seed all
# case: expect = async def main
import os

import requests

BASE = os.environ["BASE"]


def name(uid):
    return requests.get(f"{BASE}/user/{uid}").json()["name"].upper()


def show(uid):
    return f"<{requests.get(f'{BASE}/user/{uid}').json()['name']}>"


def pick(uid, default):
    return requests.get(f"{BASE}/user/{uid}").json() if uid else default


def both(a, b):
    return {"a": requests.get(f"{BASE}/user/{a}").json()["id"], "b": requests.get(f"{BASE}/user/{b}").json()["id"]}


class Box:
    def fill(self, uid):
        self.value = requests.get(f"{BASE}/user/{uid}").json()
        self.status, self.text = (r := requests.get(f"{BASE}/user/99")).status_code, r.text


def main():
    print(name(1), show(2), pick(0, "none"), pick(3, "none"))
    print(both(4, 5), len(requests.get(BASE + "/bytes/7").content) + 1)
    box = Box()
    box.fill(6)
    print(box.value, box.status, box.text)
    print([requests.get(f"{BASE}/user/{i}").json()["id"] for i in range(3)])
    print(sum(requests.get(f"{BASE}/user/{i}").json()["id"] for i in range(4)))
    print({i: requests.get(f"{BASE}/user/{i}").status_code for i in (1, 91)})
    assert requests.get(BASE + "/user/1").status_code == 200


if __name__ == "__main__":
    main()
