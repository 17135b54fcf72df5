import time


def fetch(base, key):
    time.sleep(0.001)
    return f"{base}/{key};"
