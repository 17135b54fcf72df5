import time
from contextlib import contextmanager


@contextmanager
def session(name):
    time.sleep(0.001)
    try:
        yield name
    finally:
        time.sleep(0.001)
        print("close", name)
