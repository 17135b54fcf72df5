# case: expect = await load(1)
# case: expect = _load(2)
# case: reject = await _load(2)
# case: reject = await describe(
# case: expect helpers.py = async def load(
from helpers import *


def _load(n):
    return f"own {n}"


def main():
    print(load(1), _load(2), describe(3))


if __name__ == "__main__":
    main()
