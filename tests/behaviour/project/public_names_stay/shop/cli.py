import time

from ._impl import warm_up


def _load():
    time.sleep(0.001)
    return "loaded"


def main():
    warm_up(0.001)
    return _load()
