# case: expect = n = -1
# case: expect = async for first, second in pairs(4):
# case: expect = n += 1
# case: expect = line = 9
# case: expect = a, (b, *c) = list_of(
# case: expect = [x, y] = [item async for item in rows(2)]
# case: expect = async for row in kept:
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield i * i


def pairs(n):
    for i in range(n):
        time.sleep(0.001)
        yield i, -i


def list_of(values):
    return [values[0], values]


def counted():
    for n, (first, second) in enumerate(pairs(4)):
        # Every other one is skipped.
        if n % 2:
            continue
        print(n, first, second)
    for line, row in enumerate(rows(3), start=10):
        for inner, other in enumerate(rows(2)):
            print(line, row, inner, other)


def unpacked():
    [x, y] = rows(2)
    a, (b, *c) = list_of(list(rows(3)))
    print(x, y, a, b, c)
    try:
        x, y = rows(3)
    except ValueError as error:
        print(str(error).split(" (")[0])


def kept():
    kept = rows(4)
    for row in kept:
        if row == 1:
            break
    for row in kept:
        print("left", row)
    whole = rows(2)
    print([row for row in whole], sum(rows(3)))


def main():
    counted()
    unpacked()
    kept()


if __name__ == "__main__":
    main()
