import clock


def load(n):
    clock.wait()
    return [n, clock.waits]
