# case: reject = import requests
# case: expect = aiter_lines()
# case: expect = _iter_lines(r)
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def text(path):
    with requests.get(BASE + path, stream=True) as r:
        r.encoding = "utf-8"
        return [line for line in r.iter_lines(decode_unicode=True)]


async def count(path):
    n = 0
    with requests.Session() as session:
        r = session.get(BASE + path, stream=True)
        lines = r.iter_lines(chunk_size=7)
        for line in lines:
            n += len(line)
    return n


async def main():
    print(await text("/lines?n=3&step=4"))
    print(await text("/raw?ctype=text/plain;charset=utf-8&body=a%C3%A9%0Ab"))
    print(await count("/lines?n=4&step=3"))


if __name__ == "__main__":
    asyncio.run(main())
