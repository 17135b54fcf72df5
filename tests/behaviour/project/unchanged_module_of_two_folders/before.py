# case: unchanged
# With a search path that is made at run time, a name that two folders have may be either module's.
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import helper
from helper import Client


def main():
    print(helper.load(1), Client().fetch(2))


if __name__ == "__main__":
    main()
