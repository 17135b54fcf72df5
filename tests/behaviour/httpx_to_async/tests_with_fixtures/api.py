import httpx


class Api:
    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def name(self, number: int) -> str:
        return self.client.get(f"/users/{number}").json()["name"]
