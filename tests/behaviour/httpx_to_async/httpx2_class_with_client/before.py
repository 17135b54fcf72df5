# case: expect = async def __aenter__
# case: expect = await self._client.aclose()
# case: reject = httpx2.Client(
import os

import httpx2

BASE = os.environ["BASE"]


class Api:
    def __init__(self, base, client: httpx2.Client | None = None):
        self._client = client or httpx2.Client(base_url=base)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def user(self, number):
        response = self._client.get(f"/status/{number}")
        response.raise_for_status()
        return response.text

    def close(self):
        self._client.close()


def main():
    with Api(BASE) as api:
        print(api.user(200))
        try:
            api.user(404)
        except httpx2.HTTPStatusError as error:
            print(error.response.status_code, error.request.method)
    api = Api("", httpx2.Client(base_url=BASE, cookies={"a": "b"}))
    print(api.user(201))
    print(api._client.get("/cookies").json())
    api.close()


if __name__ == "__main__":
    main()
