import time


def fetch(key):
    time.sleep(0.001)
    return {"key": key}
