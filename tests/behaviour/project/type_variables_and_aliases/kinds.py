import time
from typing import Generic, Optional, TypeVar, Union


class Client:
    def fetch_rows(self, n):
        time.sleep(0.001)
        return list(range(n))


class Other(Client):
    pass


ClientT = TypeVar("ClientT", bound=Client)
ConstrainedT = TypeVar("ConstrainedT", Client, Other)
Maybe = Optional[Client]
Any1 = Union[Client, Other]


class Settings(Generic[ConstrainedT]):
    def __init__(self, client: ConstrainedT):
        self.client: ConstrainedT = client


Config = Settings[Client]
