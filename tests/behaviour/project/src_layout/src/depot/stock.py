import time


def count(name):
    time.sleep(0.001)
    return len(name)
