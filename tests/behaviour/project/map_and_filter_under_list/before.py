# case: expect = await price(
# case: expect = if await keep(
# case: reject = map(
import time


def price(n):
    time.sleep(0.001)
    return n * 2


def keep(n):
    time.sleep(0.001)
    return n % 2


def main():
    numbers = [1, 2, 3]
    print(list(map(price, numbers)), list(filter(keep, numbers)), sum(map(price, numbers)))


if __name__ == "__main__":
    main()
