import time


def load(n):
    time.sleep(0.001)
    return f"real {n}"


def report(n):
    return f"<{load(n)}>"
