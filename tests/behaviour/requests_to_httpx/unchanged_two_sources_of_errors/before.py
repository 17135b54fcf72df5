# case: unchanged
# case: args = --scope function
import asyncio
import os

import requests

BASE = os.environ["BASE"]


def helper(path):
    return requests.get(BASE + path, timeout=0.1).json()


async def main():
    try:
        print(requests.get(BASE + "/user/1").json())
        print(helper("/slow?s=1"))
    except requests.Timeout:
        print("timeout")


if __name__ == "__main__":
    asyncio.run(main())
