# case: unchanged
# Each function reads what it writes later, and another task could run in between.
import time

total = 0


class Counter:
    def __init__(self):
        self.n = 0
        self.items = [3, 1]

    def add(self):
        count = self.n
        time.sleep(0.001)
        self.n = count + 1

    def add_in_steps(self):
        count = self.n
        more = count + 1
        time.sleep(0.001)
        self.n = more


def pause(value):
    time.sleep(0.001)
    return value


def grow():
    global total
    old = total
    step = pause(2)
    total = old + step


class Stock:
    def __init__(self):
        self.left = 2
        self.names = ["b", "a"]

    def take(self):
        if self.left > 0:
            pause(1)
            self.left -= 1

    def order(self):
        self.names = sorted_slowly(self.names)

    def double(self):
        self.left = self.left + pause(2)


def sorted_slowly(names):
    return sorted(pause(names))


def main():
    counter, stock = Counter(), Stock()
    counter.add()
    counter.add_in_steps()
    grow()
    stock.take()
    stock.order()
    stock.double()
    print(counter.n, total, stock.left, stock.names)


if __name__ == "__main__":
    main()
