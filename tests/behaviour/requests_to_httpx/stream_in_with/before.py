# case: expect = client.stream("GET"
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    with requests.get(BASE + "/lines?n=3", stream=True) as r:
        print([line for line in r.iter_lines()])


if __name__ == "__main__":
    asyncio.run(main())
