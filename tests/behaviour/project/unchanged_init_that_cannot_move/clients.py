import time
from dataclasses import dataclass


class Creating:
    def __init__(self):
        time.sleep(0.001)
        self.x = 1

    def create(self):
        return self.x


class OneLine:
    def __init__(self): time.sleep(0.001); self.x = 2


@dataclass
class Row:
    n: int

    def __post_init__(self):
        time.sleep(0.001)
        self.x = self.n


class Single:
    only = None

    def __new__(cls):
        cls.only = cls.only or super().__new__(cls)
        return cls.only

    def __init__(self):
        time.sleep(0.001)
        self.x = 4
