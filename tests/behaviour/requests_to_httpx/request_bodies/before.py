# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import json
import os

import requests

BASE = os.environ["BASE"]


async def main():
    print(requests.post(BASE + "/echo", data={"a": "x y", "b": 2}).json()["body"])
    print(requests.post(BASE + "/echo", data="plain").json()["body"])
    print(requests.put(BASE + "/echo", data=b"\x01\x02").json()["body"].encode("latin-1"))
    print(json.loads(requests.post(BASE + "/echo", json={"a": [1, None], "u": "é"}).json()["body"].encode("latin-1")))
    print(requests.post(BASE + "/echo", {"f": "1"}).json()["body"])
    print(json.loads(requests.delete(BASE + "/echo", json={"ids": [1, 2]}).json()["body"]))
    # A body that is None is no body.
    print(repr(requests.post(BASE + "/echo", json=None).json()["body"]))
    sent = requests.post(BASE + "/echo", files={"f": ("a.txt", b"content", "text/plain")}).json()["body"]
    print('name="f"; filename="a.txt"' in sent, "content" in sent)


if __name__ == "__main__":
    asyncio.run(main())
