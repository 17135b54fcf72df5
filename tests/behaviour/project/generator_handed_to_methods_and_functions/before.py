# case: may stay
# case: expect = async def rows(
import csv
import itertools
import sys
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield (i, i * i)


def main():
    out = [(9, 81)]
    out.extend(rows(2))
    table = {}
    table.update(rows(2))
    print(out, table, list(itertools.chain(rows(1), rows(2))), len(list(reversed(list(rows(2))))))
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows(2))
    print(list(enumerate(rows(2))), [a for a, _ in sorted(rows(2), key=lambda row: -row[0])])


if __name__ == "__main__":
    main()
