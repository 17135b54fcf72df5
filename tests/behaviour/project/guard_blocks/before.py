# case: args = --seed all --target-version 3.11
# case: expect = async def async_main():
# case: reject = with open("x.txt")
import sys
import time


def main(argv):
    time.sleep(0)
    return len(argv)


def plain():
    return "plain"


if __name__ == "__main__":
    # First the file.
    with open("x.txt", "w") as f:
        print(plain(), file=f)
    code = main(["a"])
    with open("x.txt") as f:
        print(f.read(), code)
    sys.exit(code - 1)
