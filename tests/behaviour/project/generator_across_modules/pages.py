import time


def fetch(n):
    time.sleep(0.001)
    return [f"{n}-{i}" for i in range(2)]


def pages(count):
    for n in range(count):
        yield fetch(n)


def lines(count):
    for page in pages(count):
        for line in page:
            yield line.upper()
