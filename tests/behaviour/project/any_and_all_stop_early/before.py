# case: expect = await check(
# case: reject = any([
# case: reject = all([
# The calls are printed: none more may be made than before.
import time


def check(n, limit):
    time.sleep(0.001)
    print("check", n)
    return n > limit


def find(numbers, limit):
    found = any(check(n, limit) for n in numbers)
    return found


def every(numbers, limit):
    if all(check(n, limit) for n in numbers):
        return "all"
    return "not all"


def main():
    print(find([1, 5, 9], 3), find([], 3), find([1], 3))
    print(every([5, 1, 9], 3), every([5], 3))


if __name__ == "__main__":
    main()
