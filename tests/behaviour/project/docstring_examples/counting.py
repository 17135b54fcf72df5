import time


def count(words):
    """How many.

    >>> count("a b")
    2
    """
    time.sleep(0.001)
    return len(words.split())
