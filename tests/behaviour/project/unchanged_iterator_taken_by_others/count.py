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


class Reversed(Countdown):
    def __next__(self):
        return -super().__next__()


class Counter:
    def __init__(self, n):
        self.n = n

    def __next__(self):
        if not self.n:
            raise StopIteration
        time.sleep(0.001)
        self.n -= 1
        return self.n

    def __iter__(self):
        return self


class Source:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return Counter(self.n)
