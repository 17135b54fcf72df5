import time


def load(key):
    time.sleep(0.001)
    return key


def plain():
    return "plain"
