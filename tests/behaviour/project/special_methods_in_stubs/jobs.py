import time


class Job:
    def __init__(self, n):
        time.sleep(0.001)
        self.n = n

    def __enter__(self):
        time.sleep(0.001)
        return self

    def __exit__(self, *exc):
        print("exit", self.n)

    def __iter__(self):
        time.sleep(0.001)
        yield self.n

    @property
    def size(self):
        time.sleep(0.001)
        return self.n
