from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from client import Client


def plain(client: Client) -> str:
    return client.get(1)


def optional(client: Optional[Client] = None) -> str:
    if client is None:
        return "nobody"
    return client.get(2)


def quoted(client: "Client") -> str:
    return client.get(3)


def variable(clients: list) -> str:
    found: Client = clients[0]
    return found.get(4)


def union(client: Client | None) -> str:
    return client.get(5) if client else "nobody"


def other(table: dict[int, str]) -> str:
    return table.get(6, "none")
