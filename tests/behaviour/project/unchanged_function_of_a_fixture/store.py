import time

LOG = []


def one(n):
    time.sleep(0)
    LOG.append(("one", n))
    return n * 2


def two(n):
    time.sleep(0)
    LOG.append(("two", n))
    return n * 2


def three(n):
    time.sleep(0)
    LOG.append(("three", n))
    return n * 2


def four(n):
    time.sleep(0)
    LOG.append(("four", n))
    return n * 2
