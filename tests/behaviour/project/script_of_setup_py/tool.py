import time


def work(n):
    time.sleep(0.001)
    return n + 1


def run():
    print(work(1), work(2))


def second():
    print(work(5))
