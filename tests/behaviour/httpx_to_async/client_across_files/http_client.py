import httpx


def client_for(base: str) -> httpx.Client:
    return httpx.Client(base_url=base, headers={"X-A": "1"})
