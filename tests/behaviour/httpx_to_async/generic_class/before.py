# case: expect = bound=AsyncClient
# case: expect = Config[AsyncClient]
import dataclasses
import os
from typing import Generic, TypeVar

from httpx import Client

BASE = os.environ["BASE"]
C = TypeVar("C", bound=Client)


@dataclasses.dataclass
class Config(Generic[C]):
    session: C
    path: str

    def send(self):
        return self.session.get(self.path).json()["path"]


Plain = Config[Client]


def run(config: Plain):
    return config.send()


def main():
    with Client(base_url=BASE) as client:
        print(run(Config(client, "/echo")))


if __name__ == "__main__":
    main()
