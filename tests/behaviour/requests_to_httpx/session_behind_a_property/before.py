"""A property with a setter and the attribute behind it hold one session."""
# case: args = --scope project
# case: expect = def session(self, session: httpx.AsyncClient):
# case: expect = await self.session.get(
# case: reject = requests
import os

import requests
from requests import Session

BASE = os.environ["BASE"]


class Api:
    def __init__(self):
        self._session = None

    @property
    def session(self) -> Session:
        return self._session

    @session.setter
    def session(self, session: Session):
        self._session = session

    def load(self, path):
        if not self.session:
            self.session = requests.Session()
        return self.session.get(BASE + path, timeout=5).json()


def main():
    api = Api()
    print(api.load("/echo?a=1")["path"], api.load("/echo?b=1")["path"])


if __name__ == "__main__":
    main()
