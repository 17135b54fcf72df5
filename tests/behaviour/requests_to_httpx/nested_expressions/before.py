# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def name(uid):
    return requests.get(f"{BASE}/user/{uid}").json()["name"].upper()


async def show(uid):
    return f"<{requests.get(BASE + '/user/' + str(uid)).json()['name']}>"


async def pick(uid, default):
    return requests.get(f"{BASE}/user/{uid}").json() if uid else default


async def both(a, b):
    return {"a": requests.get(f"{BASE}/user/{a}").json()["id"], "b": requests.get(f"{BASE}/user/{b}").json()["id"]}


class Box:
    async def fill(self, uid):
        self.value = requests.get(f"{BASE}/user/{uid}").json()
        self.status, self.text = (r := requests.get(f"{BASE}/user/99")).status_code, r.text


async def main():
    print(await name(1), await show(2), await pick(0, "none"), await pick(3, "none"))
    print(await both(4, 5), len(requests.get(BASE + "/bytes/7").content) + 1)
    box = Box()
    await box.fill(6)
    print(box.value, box.status, box.text)
    assert requests.get(BASE + "/user/1").status_code == 200


if __name__ == "__main__":
    asyncio.run(main())
