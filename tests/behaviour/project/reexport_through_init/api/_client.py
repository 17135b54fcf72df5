from ._core import fetch

__all__ = ["Client", "load_all"]


class Client:
    def __init__(self, name):
        self.name = name

    def load(self):
        return fetch(self.name)


def load_all(n):
    return [Client(i).load() for i in range(n)]


def hidden():
    return "not exported"
