import time


def load(n):
    time.sleep(0.001 * n)
    return n * 2
