import httpx


def make():
    return httpx.Client()
