# case: unchanged
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def main():
    # Every error of requests is an OSError, none of httpx's is.
    try:
        requests.get(BASE + "/drop")
    except OSError:
        print("caught")


if __name__ == "__main__":
    asyncio.run(main())
