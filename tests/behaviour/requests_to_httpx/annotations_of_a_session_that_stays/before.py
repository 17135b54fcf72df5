"""What only annotates says what the code that stays gives; another function migrates."""
# case: args = --scope project --unsafe
# case: expect = session: requests.Session | None = None
# case: expect = def session(self) -> requests.Session:
# case: expect = async with httpx.AsyncClient(
import os
from dataclasses import dataclass

import requests
from requests.adapters import HTTPAdapter

BASE = os.environ["BASE"]


class Adapter(HTTPAdapter):
    def send(self, request, **options):
        request.headers["X-Sent"] = "1"
        return super().send(request, **options)


@dataclass
class Settings:
    session: requests.Session | None = None


class Api:
    def __init__(self):
        self._session = None

    @property
    def session(self) -> requests.Session:
        return self._session

    @session.setter
    def session(self, session: requests.Session):
        self._session = session

    def load(self, path):
        if not self.session:
            self.session = requests.Session()
            self.session.mount("http://", Adapter())
        return self.session.get(BASE + path).json()


def once(path):
    return requests.get(BASE + path, timeout=5).json()["path"]


def main():
    print(Settings().session, once("/echo?c=1"))
    print(dict((name.lower(), value) for name, value in Api().load("/echo")["headers"])["x-sent"])


if __name__ == "__main__":
    main()
