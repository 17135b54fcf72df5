# case: expect = print(asyncio.run(work(1)))
# case: reject = async def other(
# case: reject = async def main(
# `main` runs a loop where the guard calls it, so nothing else there can be run or awaited.
import time


def work(n):
    time.sleep(0.001)
    return n


def main():
    print(work(1))


def other():
    return 5


if __name__ == "__main__":
    main()
    print(other())
    main()
