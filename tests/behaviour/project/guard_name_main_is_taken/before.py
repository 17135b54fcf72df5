# case: expect = await main(1)
# case: expect = await main(2)
# case: expect = asyncio.run(
# A `main` of the project's own: the new function needs another name.
import time


def main(n):
    time.sleep(0.001)
    return n + 1


if __name__ == "__main__":
    print(main(1))
    print(main(2))
