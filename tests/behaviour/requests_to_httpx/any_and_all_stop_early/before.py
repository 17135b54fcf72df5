# case: expect = for code in codes:
# case: reject = any(
# The first answer that decides is the last that is asked for.
import asyncio
import os

import requests

BASE = os.environ["BASE"]


def asked(code):
    print("asked", code)
    return f"{BASE}/status/{code}"


async def has_some(codes):
    return any(requests.get(asked(code)).ok for code in codes)


async def has_all(codes):
    with requests.Session() as session:
        if all(session.get(asked(code)).status_code == 200 for code in codes if code):
            return "all"
        return "some"


async def main():
    for codes in ([], [200, 404], [404, 200, 500]):
        print(await has_some(codes), await has_all(codes))


asyncio.run(main())
