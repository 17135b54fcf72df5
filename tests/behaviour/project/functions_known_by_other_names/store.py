import time


def load(n, by=1):
    time.sleep(0.001)
    return n * by
