import time
from contextlib import contextmanager


@contextmanager
def session(name):
    time.sleep(0.001)
    yield name.upper()
