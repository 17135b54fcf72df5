# case: reject = import requests
# case: expect = await r.aread()
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def limited(size, most):
    r = requests.get(f"{BASE}/bytes/{size}", stream=True)
    if int(r.headers["Content-Length"]) > most:
        return "too much"
    return len(r.content), r.content[:2]


async def error(code):
    with requests.get(f"{BASE}/status/{code}", stream=True) as r:
        if r.status_code >= 400:
            print("error", r.text)
        elif r.text:
            print("fine", r.text, len(r.content))


async def main():
    print(await limited(10, 100), await limited(200, 100))
    await error(200)
    await error(503)
    print(requests.get(BASE + "/user/1", stream=True).json(), b"|".join(requests.get(BASE + "/bytes/5", stream=True).iter_content(2)))


if __name__ == "__main__":
    asyncio.run(main())
