import time

LOG = []


def load(n):
    time.sleep(0)
    LOG.append(n)
    return n * 2
