# case: expect = await HANDLERS[k](3)
import functools
import time


def make(x, *, scale=1):
    time.sleep(0.001)
    return x * scale


double = functools.partial(make, scale=2)
HANDLERS = {"a": make, "b": double}


def main():
    print([HANDLERS[k](3) for k in "ab"])


main()
