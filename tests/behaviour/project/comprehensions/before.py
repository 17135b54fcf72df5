# case: expect = sum([await price(x) for x in range(4)])
# case: expect = {x: await price(x) for x in range(2)}
# case: expect = {await price(x) for x in range(2)}
# case: expect = [await price(x) for x in range(4) if await price(x) > 2]
# case: expect = max([await price(x) for x in range(3)], default=0)
# case: expect = for x in await numbers(3)
import time


def price(x):
    time.sleep(0.001)
    return x * 2


def numbers(n):
    time.sleep(0.001)
    return range(n)


def main():
    print(sum(price(x) for x in range(4)), max((price(x) for x in range(3)), default=0), sorted(price(x) for x in (2, 1)))
    print(",".join(str(price(x)) for x in range(3)), tuple(price(x) for x in range(2)), set(price(x) for x in range(1)))
    print(dict((x, price(x)) for x in range(2)), {x: price(x) for x in range(2)}, {price(x) for x in range(2)})
    print([price(x) for x in range(4) if price(x) > 2], list(enumerate(price(x) for x in range(2))))
    print(len(list(price(x) for x in range(2))), [y for x in range(2) for y in [price(x)] * 2])
    print([x for x in numbers(3)], [[x, y] for x in numbers(2) for y in range(x)])


if __name__ == "__main__":
    main()
