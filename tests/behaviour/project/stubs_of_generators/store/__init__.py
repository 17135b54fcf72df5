import time
from contextlib import contextmanager


def put(n):
    time.sleep(0.001)
    return n


@contextmanager
def kept(n):
    time.sleep(0.001)
    yield n
