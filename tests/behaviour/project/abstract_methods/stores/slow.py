from time import sleep

from .base import Store


class Slow(Store):
    def read(self, key):
        sleep(0.001)
        return key * 2
