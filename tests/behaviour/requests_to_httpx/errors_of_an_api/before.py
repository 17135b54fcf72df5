# case: args = --unsafe
# case: reject = import requests
# case: expect = except httpx.HTTPStatusError as error:
import asyncio
import os

import requests

BASE = os.environ["BASE"]


class Api:
    async def _request(self, method, path):
        response = requests.request(method, BASE + path, timeout=(3, 0.3))
        response.raise_for_status()
        return response

    async def _json(self, path):
        return (await self._request("GET", path)).json()

    async def name(self, n):
        try:
            return (await self._json(f"/user/{n}"))["name"]
        except requests.HTTPError as error:
            return error.response.status_code

    async def try_all(self, paths):
        found = []
        for path in paths:
            try:
                found.append(await self._json(path))
            except (requests.Timeout, requests.ConnectionError):
                found.append("network")
            except requests.RequestException as error:
                found.append("other")
        return found


async def main():
    api = Api()
    print(await api.name(1), await api.name(99))
    print(await api.try_all(["/user/2", "/user/99", "/slow?s=1", "/status/200"]))
    try:
        await api._json("/status/500")
    except requests.RequestException as error:
        print(type(error.response).__name__)


if __name__ == "__main__":
    asyncio.run(main())
