import time


def fetch(n):
    time.sleep(0.001)
    return n + 1
