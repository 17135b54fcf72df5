import time


class Pool:
    def __init__(this, size=1, /):
        time.sleep(0.001)
        for this.size in range(5):
            if this.size == size:
                return None
        else:
            print("never")

    def __enter__(self):
        time.sleep(0.001)
        return self

    def __exit__(self, *exc):
        print("exit", self.size)


class Numbers:
    def __init__(self, n):
        time.sleep(0.001)
        self.n = n

    def __iter__(self):
        yield from range(self.n)
