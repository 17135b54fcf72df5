# case: reject = import requests
# case: expect = .iter_bytes(128)
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    response = requests.get(f"{BASE}/bytes/300")
    print([len(piece) for piece in response])
    for piece in response:
        print(len(piece))


if __name__ == "__main__":
    asyncio.run(main())
