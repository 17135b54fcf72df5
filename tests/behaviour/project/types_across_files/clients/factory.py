from .client import Client


def make():
    return Client()


def opened():
    return make()


def find(name) -> "Client | None":
    return make() if name else None


class Holder:
    def __init__(self, name="h"):
        self.name = name
        self.client = make()
