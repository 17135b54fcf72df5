import time

LOG = []


def load(n):
    time.sleep(0)
    LOG.append(n)
    return n * 2


class Client:
    def __init__(self, n):
        self.n = n

    def fetch(self):
        return load(self.n)
