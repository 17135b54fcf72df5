import time


class Lines:
    """Ends with the StopIteration of another iterator."""

    def __init__(self, lines):
        self.lines = iter(lines)

    def __iter__(self):
        return self

    def __next__(self):
        time.sleep(0.001)
        return next(self.lines)


class Wrapped:
    def __init__(self, lines):
        self.lines = list(lines)

    def __iter__(self):
        return self

    def take(self):
        if not self.lines:
            raise StopIteration
        return self.lines.pop(0)

    def __next__(self):
        time.sleep(0.001)
        return self.take()


class Prepared:
    def __init__(self, lines):
        self.lines = list(lines)

    def __iter__(self):
        time.sleep(0.001)
        return iter(self.lines)
