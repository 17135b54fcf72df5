# case: expect = await client.get(1)
# case: expect = await clients[name].get(2)
# case: expect = await client.get(3)
# case: expect = await make().get(4)
# case: expect = await cast(Client, thing).get(5)
# case: expect = await pair[1].get(6)
from __future__ import annotations

import time
from typing import cast


class Client:
    def get(self, n: int) -> int:
        time.sleep(0.001)
        return n


def in_list(clients: list[Client]) -> list[int]:
    return [client.get(1) for client in clients]


def by_key(clients: dict[str, Client], name: str) -> int:
    return clients[name].get(2)


def by_items(clients: dict[str, Client]) -> list[tuple[str, int]]:
    return [(name, client.get(3)) for name, client in clients.items()]


def by_class(make: type[Client]) -> int:
    return make().get(4)


def by_cast(thing: object) -> int:
    return cast(Client, thing).get(5)


def by_tuple(pair: tuple[str, Client]) -> int:
    return pair[1].get(6)


def main() -> None:
    client = Client()
    print(in_list([client]), by_key({"a": client}, "a"), by_items({"b": client}))
    print(by_class(Client), by_cast(client), by_tuple(("c", client)))


if __name__ == "__main__":
    main()
