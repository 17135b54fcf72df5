import time


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration()
        time.sleep(0.001)
        self.n -= 1
        return self.n


def twice(start):
    yield from Countdown(start)
    yield "again"
