"""The command line."""

import argparse
import time

__all__ = ["main"]


def _load(name):
    time.sleep(0.001)
    return len(name)


def main(argv=None):
    """Runs the tool.

    Returns the exit code.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="+")
    arguments = parser.parse_args(argv)
    total = 0
    for name in arguments.names:
        total += _load(name)
    print("total", total)
    if total == 1:
        return 3
    return 0
