# case: unchanged
# Between the read and the write another task may add its own: that takes `--unsafe`.
import time

totals = {"all": 0}


class Counter:
    def __init__(self):
        self.n = 0

    def add(self, n):
        self.n += fetch(n)


def fetch(n):
    time.sleep(0.001)
    return n


def add(n):
    totals["all"] += fetch(n)


def main():
    counter = Counter()
    for n in range(4):
        add(n)
        counter.add(n)
    print(totals, counter.n)


if __name__ == "__main__":
    main()
