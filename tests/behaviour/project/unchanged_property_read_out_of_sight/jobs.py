import time


class Plain:
    @property
    def size(self):
        time.sleep(0.001)
        return 3


class Asked:
    @property
    def length(self):
        time.sleep(0.001)
        return 3


class Formatted:
    @property
    def width(self):
        time.sleep(0.001)
        return 3


class Tall:
    @property
    def height(self):
        time.sleep(0.001)
        return 3


class Fixed(Tall):
    height = 4


class Matched:
    @property
    def depth(self):
        time.sleep(0.001)
        return 3
