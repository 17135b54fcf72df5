# case: expect = with await asyncio.to_thread(urlopen, f"{BASE}/echo"
# case: expect = await asyncio.to_thread(json.load, response)
# case: expect = body = await asyncio.to_thread(lambda: urlopen(f"{BASE}/echo").read())
import asyncio
import json
import os
import urllib.error
from urllib.request import Request, urlopen

BASE = os.environ["BASE"]


async def main():
    with urlopen(f"{BASE}/echo", timeout=10) as response:
        print(response.status, sorted(json.load(response)))
    with urlopen(Request(f"{BASE}/echo", headers={"X": "1"})) as response:
        print(len(response.read(2)), response.read()[-1:])
    body = urlopen(f"{BASE}/echo").read()
    print(type(body).__name__)
    try:
        urlopen(f"{BASE}/status/404")
    except urllib.error.HTTPError as error:
        print(error.code)


asyncio.run(main())
