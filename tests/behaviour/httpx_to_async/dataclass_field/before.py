# case: expect = client: httpx.AsyncClient = dataclasses.field(repr=False)
import dataclasses
import os

import httpx

BASE = os.environ["BASE"]


@dataclasses.dataclass
class Api:
    name: str
    client: httpx.Client = dataclasses.field(repr=False)
    tries: int = 1

    def get(self, path):
        return self.client.get(path).json()["path"]


def main():
    with httpx.Client(base_url=BASE) as client:
        api = Api("a", client)
        print(api.get("/echo"), api)
        print(Api("b", client=client, tries=2).get("/echo?b"))


if __name__ == "__main__":
    main()
