# case: unchanged
# The calls cannot be found by name: what they would get is a coroutine.
import sys
import time


def make(n):
    time.sleep(0.001)
    return n * 2


class Job:
    def run(self):
        time.sleep(0.001)
        return "run"


def main():
    print(getattr(sys.modules[__name__], "make")(1), globals()["make"](2), getattr(Job(), "run")())


if __name__ == "__main__":
    main()
