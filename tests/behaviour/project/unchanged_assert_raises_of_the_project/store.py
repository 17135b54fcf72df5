import time
import warnings

LOG = []


def load(n):
    time.sleep(0)
    LOG.append(n)
    if n < 0:
        raise ValueError(f"negative: {n}")
    if n > 100:
        warnings.warn("large", UserWarning)
    return n * 2


def name(n):
    return n.name


class Client:
    def fetch(self, n, scale=1):
        return load(n) * scale
