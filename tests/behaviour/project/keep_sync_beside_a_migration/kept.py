import time


# awaitify: keep-sync
def slow(n):
    return pause(n)


def pause(n):
    time.sleep(0.001)
    return n
