import time


def work(n):
    time.sleep(0.001)
    return n * 2
