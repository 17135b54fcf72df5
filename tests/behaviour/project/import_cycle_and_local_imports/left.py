import time


def ping(n):
    from right import pong

    time.sleep(0.001)
    return ["ping", *pong(n - 1)] if n else []
