import time


def fetch(name):
    time.sleep(0.001)
    return name * 3
