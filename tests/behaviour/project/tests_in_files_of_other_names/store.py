import time


def load(name):
    time.sleep(0.001)
    return name.upper()
