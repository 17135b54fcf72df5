# case: expect = httpx.AsyncClient(
import asyncio
import os

import requests
from requests.auth import AuthBase

BASE = os.environ["BASE"]


class Token(AuthBase):
    def __init__(self, token):
        self.token = token

    def __call__(self, r):
        r.headers["X-Token"] = f"{self.token} {r.method}"
        return r


async def sent(response):
    return [h[1] for h in response["headers"] if h[0].lower() in ("x-token", "authorization")]


async def main():
    print(await sent(requests.get(BASE + "/echo", auth=Token("t")).json()))
    with requests.Session() as session:
        session.auth = Token("s")
        print(await sent(session.post(BASE + "/echo").json()))
        session.auth = ("u", "p")
        print(await sent(session.post(BASE + "/echo", auth=None).json()))


if __name__ == "__main__":
    asyncio.run(main())
