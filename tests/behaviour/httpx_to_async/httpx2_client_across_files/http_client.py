import httpx2


def client_for(base: str) -> httpx2.Client:
    return httpx2.Client(base_url=base, headers={"X-A": "1"})
