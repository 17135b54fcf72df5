import time


def one(n):
    time.sleep(0.001)
    return [n]


def two(n):
    return one(n) + one(n)


def three(n):
    return two(n) + one(n)
