# case: expect = async with aclosing(rows()) as
# case: expect = from contextlib import aclosing
import time


def rows():
    try:
        for n in range(3):
            time.sleep(0.001)
            yield n
    finally:
        print("closed")


def first():
    for row in rows():
        return row


def until(limit):
    for row in rows():
        if row == limit:
            break
        print("row", row)
    else:
        print("all")
    print("after")


def failing():
    for row in rows():
        if row:
            raise ValueError(row)


def skipping():
    for outer in range(2):
        for row in rows():
            if row == 1:
                break
        print("outer", outer)


def whole():
    for row in rows():
        print(row)
    return list(rows())


def main():
    print(first())
    until(1)
    until(5)
    try:
        failing()
    except ValueError as error:
        print("failed", error)
    skipping()
    print(whole())


if __name__ == "__main__":
    main()
