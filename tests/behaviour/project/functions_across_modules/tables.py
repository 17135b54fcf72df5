import time


def load(x):
    time.sleep(0.001)
    return x


def get():
    return load


TABLE = {"load": load}
HOOK = None


def set_hook(function):
    global HOOK
    HOOK = function


def hook():
    if HOOK is None:
        return None
    return HOOK(5)
