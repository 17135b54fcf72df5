# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    session = requests.Session()
    session.auth = ("u", "p")
    session.max_redirects = 5
    try:
        print(session.get(BASE + "/basic").json())
        try:
            session.get(BASE + "/redirect/6")
        except requests.TooManyRedirects:
            print("too many")
        print(session.post(BASE + "/echo", json={"a": 1}).json()["method"])
    finally:
        session.close()
    print("closed")


if __name__ == "__main__":
    asyncio.run(main())
