# case: expect = return await client.fetch_rows(1)
# case: expect = return await self.client.fetch_rows(2)
# case: expect = return await config.client.fetch_rows(3)
from typing import Generic

from kinds import Any1, Client, ClientT, Config, Maybe


def first(client: ClientT):
    return client.fetch_rows(1)


class Keeper(Generic[ClientT]):
    def __init__(self, client: ClientT):
        self.client = client

    def rows(self):
        return self.client.fetch_rows(2)


def configured(config: "Config"):
    return config.client.fetch_rows(3)


def maybe(client: Maybe):
    return client.fetch_rows(4) if client else []


def either(client: Any1):
    return client.fetch_rows(5)


def main():
    client = Client()
    print(first(client), Keeper(client).rows(), maybe(client), maybe(None), either(client))
    print(configured(Config(client)))


if __name__ == "__main__":
    main()
