# case: expect = async def __call__(
# case: expect = await multiply(4)
# case: expect = await Multiply(2)(5)
# case: reject = async def __init__(
import time


class Multiply:
    def __init__(self, by):
        self.by = by

    def __call__(self, x):
        time.sleep(0.001)
        return x * self.by


def main():
    multiply = Multiply(3)
    print(multiply(4), Multiply(2)(5))


if __name__ == "__main__":
    main()
