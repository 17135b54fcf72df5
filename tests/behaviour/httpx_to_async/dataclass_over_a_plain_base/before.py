"""The fields of a dataclass are its own and those of dataclasses above it; a plain base only annotates."""
# case: args = --scope project
# case: expect = _client: httpx.AsyncClient = field(repr=False)
# case: reject = httpx.Client
import os
from dataclasses import dataclass, field
from typing import ClassVar

import httpx

BASE = os.environ["BASE"]


class Actions:
    id: str
    _client: httpx.Client
    _headers: httpx.Headers

    def load(self):
        response = self._client.get(BASE + "/echo", headers=self._headers)
        names = [name for name, _ in response.json()["headers"]]
        return self.id, "X-Name" in names or "x-name" in names


@dataclass
class Bucket(Actions):
    kind: ClassVar[str] = "bucket"
    id: str
    state: str = field(init=False, default="new")
    _headers: httpx.Headers
    _client: httpx.Client = field(repr=False)


class Store:
    def __init__(self, session: httpx.Client, headers: httpx.Headers) -> None:
        self._client = session
        self._headers = headers

    def bucket(self, name):
        return Bucket(name, self._headers, self._client)


def main():
    with httpx.Client() as client:
        print(Store(client, httpx.Headers({"X-Name": "1"})).bucket("one").load())


if __name__ == "__main__":
    main()
