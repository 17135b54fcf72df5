import time


class Made:
    def __init__(self):
        time.sleep(0.001)
        self.x = 1


class Base:
    def __init__(self):
        time.sleep(0.001)
        self.x = 2


class Child(Base):
    pass


class Again:
    def __init__(self):
        time.sleep(0.001)
        self.x = 3

    def other(self):
        return type(self)()


class Supered:
    def __init__(self):
        super().__init__()
        time.sleep(0.001)
        self.x = 4
