import time


def run(n):
    time.sleep(0.001)
    return list(range(n))
