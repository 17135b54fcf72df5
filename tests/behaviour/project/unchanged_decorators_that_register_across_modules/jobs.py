import time

from registry import command


@command()
def ping(n):
    time.sleep(0.001)
    return f"ping {n}"
