# case: args = --scope project --seed all --unsafe
# case: unchanged
# `print`, `csv.writer` and `json.load` call these methods, whatever `--unsafe` takes.
import csv
import json
import sys
import time


class Stream:
    def write(self, text):
        time.sleep(0.001)
        return sys.stdout.write(text.upper())


class Source:
    def read(self):
        time.sleep(0.001)
        return "[1, 2]"


def make():
    return Stream()


def show(stream):
    print("to a stream", file=stream)


def main():
    show(Stream())
    csv.writer(make(), lineterminator="\n").writerow(["a", "b"])
    source = Source()
    print(json.load(source))


if __name__ == "__main__":
    main()
