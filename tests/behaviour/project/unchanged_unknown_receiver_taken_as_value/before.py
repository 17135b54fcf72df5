# case: args = --scope project --seed all --unsafe
# case: unchanged
# The method is called by one who has it as a value, and nobody knows whose it is.
import time


class Source:
    def fetch_rows(self, n):
        time.sleep(0.001)
        return list(range(n))


def rows(source):
    fetch = source.fetch_rows
    return [source.fetch_rows(1), *map(fetch, [2])]


def main():
    for make in [Source]:
        print(rows(make()))


if __name__ == "__main__":
    main()
