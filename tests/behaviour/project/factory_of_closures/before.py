# case: expect = await make(3)()
# case: expect = await add(4)
# case: expect = async def inner(
# case: reject = async def make(
import time


def make(n):
    def inner(by=1):
        time.sleep(0.001)
        return n + by

    return inner


def main():
    add = make(10)
    print(make(3)(), add(4), add.__name__)


if __name__ == "__main__":
    main()
