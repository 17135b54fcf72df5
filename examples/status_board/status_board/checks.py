"""One look at one service."""

from dataclasses import dataclass

import httpx
import requests

OVERLOADED = 90


@dataclass(frozen=True)
class Check:
    service: str
    state: str
    load: int | None = None


async def check(base_url: str, service: str, round_number: int) -> Check:
    """Asks a service how it does. One that does not answer is down, and that is an answer, too."""
    headers = {"X-Round": str(round_number)}
    try:
        response = requests.get(f"{base_url}/{service}/health", headers=headers, timeout=5)
        response.raise_for_status()
    except requests.RequestException:
        return Check(service, "down")
    load = response.json()["load"]
    return Check(service, "overloaded" if load > OVERLOADED else "up", load)


async def is_known(base_url: str, service: str) -> bool:
    """Whether there is such a service at all."""
    response = httpx.get(f"{base_url}/{service}/health")
    if response.status_code == 404:
        return False
    return response.is_success
