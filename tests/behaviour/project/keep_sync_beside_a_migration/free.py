import time


def quick(n):
    time.sleep(0.001)
    return n
