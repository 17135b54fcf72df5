import time


def count(words):
    """How many.

    >>> count("a b")
    2
    """
    time.sleep(0.001)
    return len(words.split())


class Counter:
    """Counts on.

    >>> counter = Counter()
    >>> for word in "ab":
    ...     counter.add(word)
    >>> counter.total
    2
    """

    total = 0

    def add(self, word):
        time.sleep(0.001)
        self.total = self.total + len(word)
