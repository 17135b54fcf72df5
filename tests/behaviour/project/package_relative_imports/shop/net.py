import time


def fetch(kind, key):
    time.sleep(0.001)
    return f"{kind} {key}"
