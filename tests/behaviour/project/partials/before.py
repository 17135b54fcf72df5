# case: expect = await double(3)
# case: expect = await triple(4)
# case: expect = functools.partial(scale, by=2)
import functools
import time
from functools import partial


def scale(x, *, by=1):
    time.sleep(0.001)
    return x * by


double = functools.partial(scale, by=2)


def main():
    triple = partial(scale, by=3)
    print(double(3), triple(4), double.keywords)


if __name__ == "__main__":
    main()
