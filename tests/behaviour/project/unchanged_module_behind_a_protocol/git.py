import time


def tracked(path):
    time.sleep(0.001)
    return [path]
