# case: exit = 3
# case: expect = sys.exit(asyncio.run(main()))
import sys
import time


def main():
    time.sleep(0.001)
    print("main")
    return 3


if __name__ == "__main__":
    sys.exit(main())
