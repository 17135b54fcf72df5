import time


def load(n):
    time.sleep(0.001)
    return n * 2
