# case: unchanged
from contextlib import ExitStack

from res import Lease
from use import open_all, take


def main():
    with open_all("ab"):
        print("in")
    with ExitStack() as stack:
        take(stack, Lease("taken"))
        raise KeyError


if __name__ == "__main__":
    main()
