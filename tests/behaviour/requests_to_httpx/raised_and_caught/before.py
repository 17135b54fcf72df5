# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def load(path):
    try:
        response = requests.get(BASE + path, timeout=3)
        if response.status_code == 503:
            raise requests.ConnectionError("away")
        if response.status_code == 408:
            raise requests.Timeout
        if response.status_code == 418:
            raise requests.HTTPError("a teapot", response=response)
        if response.status_code == 500:
            raise requests.RequestException("any")
    except requests.ConnectionError:
        return "network"
    except requests.Timeout:
        return "late"
    except requests.HTTPError as error:
        return str(error), error.response.status_code
    except requests.RequestException:
        return "other"
    return response.status_code


async def main():
    for code in (200, 503, 408, 418, 500):
        print(await load(f"/status/{code}"))


if __name__ == "__main__":
    asyncio.run(main())
