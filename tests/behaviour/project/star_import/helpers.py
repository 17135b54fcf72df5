import time


def load(n):
    time.sleep(0.001)
    return _load(n)


def _load(n):
    time.sleep(0.001)
    return f"theirs {n}"


def describe(n):
    return f"<{n}>"
