import time


def load(name, times=1):
    with open(name, "w") as file:
        file.write("text " * times)
    with open(name) as file:
        return file.read()


class Store:
    def __init__(self, name):
        self.name = name

    def read(self):
        time.sleep(0.001)
        return self.name


def unused():
    time.sleep(0.001)


def again(n):
    time.sleep(0.001)
    return again(n - 1)
