# case: unchanged
import time


def inner():
    time.sleep(0.001)
    yield 1
    return "result"


def outer():
    result = yield from inner()
    print(result)


def averager():
    total, count = 0, 0
    while True:
        time.sleep(0.001)
        n = yield total / count if count else None
        total += n
        count += 1


def main():
    print(list(outer()))
    average = averager()
    next(average)
    print(average.send(2), average.send(4))


if __name__ == "__main__":
    main()
