import left


def pong(n):
    return ["pong", *left.ping(n - 1)] if n else []
