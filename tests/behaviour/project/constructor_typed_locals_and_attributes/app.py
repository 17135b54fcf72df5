from client import Box, Client


class Service:
    def __init__(self):
        self.client = Client()
        self.backup = None
        self.cache = {}

    def open(self):
        self.backup = Client()

    def load(self, key):
        return self.cache.get(key), self.client.get(key)

    def either(self, key):
        return self.backup.get(key)


def local(key):
    client = Client()
    box = Box()
    return client.get(key), box.get(key), {}.get(key)
