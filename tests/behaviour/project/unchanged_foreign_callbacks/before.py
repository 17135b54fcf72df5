# case: unchanged
import argparse
import collections
import dataclasses
import functools
import json
import re
import time
import weakref


def pause(value):
    time.sleep(0.001)
    return value


def upper(match):
    return pause(match.group().upper())


def encode(value):
    return pause(str(value))


def empty():
    return pause([])


def number(text):
    return int(pause(text))


def join(a, b):
    return pause(a + b)


def gone():
    print(pause("gone"))


@dataclasses.dataclass
class Row:
    values: list = dataclasses.field(default_factory=empty)


def main():
    print(re.sub("a", upper, "banana"), json.dumps({"x": 1j}, default=encode))
    groups = collections.defaultdict(empty)
    groups["a"].append(1)
    print(dict(groups), Row())
    parser = argparse.ArgumentParser()
    parser.add_argument("n", type=number)
    print(parser.parse_args(["7"]).n, functools.reduce(join, [1, 2, 3]))
    row = Row()
    weakref.finalize(row, gone)
    del row


if __name__ == "__main__":
    main()
