# case: expect = await load(1)
# case: expect = "load(2)"
# case: expect = # load(3)
# case: reject = await load(2)
# case: reject = await load(3)
# case: keep text.py
import time

import text


def load(n):
    """Loads; call load(2)."""
    time.sleep(0.001)
    return n


def main():
    # load(3) is not a call.
    print(load(1), "load(2)", load.__name__, load.__doc__, text.EXAMPLE)


if __name__ == "__main__":
    main()
