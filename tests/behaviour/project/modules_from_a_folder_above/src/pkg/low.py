import time


def work(n):
    time.sleep(0)
    return n + 1


def rest(n):
    time.sleep(0)
    return n - 1
