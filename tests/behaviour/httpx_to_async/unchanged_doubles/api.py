import httpx


def name(number):
    with httpx.Client() as client:
        return client.get(f"http://test/users/{number}").json()["name"]


def page(url):
    return httpx.get(url).text
