from httpx import Client

from users import Users


class Api:
    def __init__(self, client: Client) -> None:
        self._http = client

    @property
    def users(self) -> "Users":
        return Users(self)
