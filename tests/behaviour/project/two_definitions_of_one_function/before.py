# case: may stay
# case: expect = await load(1)
# case: reject = time.sleep
import sys
import time

if sys.version_info >= (3, 0):

    def load(n):
        time.sleep(0.001)
        return f"new {n}"

else:

    def load(n):
        time.sleep(0.002)
        return f"old {n}"


def main():
    print(load(1))


if __name__ == "__main__":
    main()
