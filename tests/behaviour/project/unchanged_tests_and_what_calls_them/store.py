import time

LOG = []


def session(n):
    time.sleep(0)
    LOG.append(("session", n))
    return n


def hook(n):
    time.sleep(0)
    LOG.append(("hook", n))


def asked(n):
    time.sleep(0)
    LOG.append(("asked", n))
    return n


def cased(n):
    time.sleep(0)
    LOG.append(("cased", n))
    return n


def cleaned(n):
    time.sleep(0)
    LOG.append(("cleaned", n))


def raising(n):
    time.sleep(0)
    raise KeyError(n)


def both(n):
    time.sleep(0)
    LOG.append(("both", n))


def direct(n):
    time.sleep(0)
    LOG.append(("direct", n))
