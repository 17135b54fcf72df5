# case: args = --unsafe
# case: expect = class Api(httpx2.AsyncClient):
# case: expect = async def aclose(self):
# case: expect = await super().request(
import os

import httpx2

BASE = os.environ["BASE"]


class Api(httpx2.Client):
    def __init__(self, token, **options):
        super().__init__(base_url=BASE, **options)
        self.token = token

    def request(self, method, url, **options):
        options["headers"] = {"X-Token": self.token}
        response = super().request(method, url, **options)
        print(method, response.status_code)
        return response

    def path(self, path):
        return self.get(path).json()["path"]

    def close(self):
        print("closing")
        super().close()


def main():
    with Api("t") as api:
        print(api.path("/echo?1"))
        print(dict(api.post("/echo").json()["headers"]).get("X-Token"))
    other = Api("u", timeout=3)
    print(other.path("/echo"))
    other.close()


if __name__ == "__main__":
    main()
