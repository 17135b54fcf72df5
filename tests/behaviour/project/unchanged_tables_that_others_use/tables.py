import time


def load(x):
    time.sleep(0.001)
    return x


def save(x):
    time.sleep(0.001)
    return x


def show(x):
    time.sleep(0.001)
    print(x)


def last(x):
    time.sleep(0.001)
    return x


MAPPED = {"load": load}
FILLED = {"load": save}
THREADS = {"show": show}
HOOK = None


def mapped(name):
    return MAPPED[name](1)


def filled(name):
    return FILLED[name](1)


def set_hook():
    global HOOK
    HOOK = save


def hook():
    return HOOK(1)


def get():
    return last


print(globals()["MAPPED"]["load"](3))
