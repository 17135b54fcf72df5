# case: expect = self.session = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


class Api:
    async def open(self):
        self.session = requests.Session()

    async def get(self, path):
        return self.session.get(BASE + path).json()


def use(session):
    return session.get(BASE + "/user/2").json()


async def main():
    api = Api()
    await api.open()
    print(await api.get("/user/1"))
    with requests.Session() as s:
        print(use(s))


if __name__ == "__main__":
    asyncio.run(main())
