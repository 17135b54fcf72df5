# case: unchanged
# What a search path made at run time leads to cannot be told apart from another module of the name.
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib", "pkg"))

from low import rest, work


def main():
    print(work(1), rest(2))


if __name__ == "__main__":
    main()
