import time


class Job:
    def __init__(self):
        self.n = 3

    @property
    def name(self):
        return "job"

    @property
    def size(self):
        time.sleep(0.001)
        return self.n

    def twice(self):
        return self.size * 2

    def grow(self):
        self.n += 1


class Owner:
    def __init__(self):
        self.job = Job()

    def first(self):
        return self.job
