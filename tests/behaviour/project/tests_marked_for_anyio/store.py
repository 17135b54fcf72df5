import time

LOG = []


def load(n):
    time.sleep(0)
    LOG.append(n)
    return n * 2


class Client:
    def __init__(self, name="client"):
        self.name = name

    def fetch(self, n):
        return load(n) + 1
