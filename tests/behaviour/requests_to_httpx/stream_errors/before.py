# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def load(path, timeout=3):
    try:
        with requests.get(BASE + path, stream=True, timeout=timeout) as r:
            r.raise_for_status()
            return len(b"".join(r.iter_content(100)))
    except requests.HTTPError as e:
        return e.response.status_code
    except requests.Timeout:
        return "late"
    except requests.ConnectionError:
        return "network"


async def main():
    print(await load("/bytes/10"), await load("/status/404"), await load("/slow?s=1", 0.2))


if __name__ == "__main__":
    asyncio.run(main())
