# case: unchanged
# The count is read behind the loop, or bound by somebody else; what is kept is used in another way.
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield i * i


def read_behind():
    i = None
    for i, row in enumerate(rows(0)):
        print(row)
    return i


def counted_from(start):
    for i, row in enumerate(rows(2), start):
        print(i, row)


def kept():
    kept = rows(2)
    print(next(kept))
    for row in kept:
        print(row)


def main():
    print(read_behind())
    counted_from(3)
    kept()


if __name__ == "__main__":
    main()
