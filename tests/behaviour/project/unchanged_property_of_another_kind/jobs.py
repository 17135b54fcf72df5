import functools
import time


class Settable:
    @property
    def size(self):
        time.sleep(0.001)
        return self.n

    @size.setter
    def size(self, n):
        self.n = n


class Cached:
    @functools.cached_property
    def length(self):
        time.sleep(0.001)
        return 3


class Patched:
    @property
    def width(self):
        time.sleep(0.001)
        return 3
