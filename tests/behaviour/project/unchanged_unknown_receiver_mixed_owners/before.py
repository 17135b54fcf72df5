# case: args = --scope project --seed all --unsafe
# case: unchanged
# Only one of the two `fetch_rows` would turn async, and nobody knows which one the call meets.
import time


class Source:
    def fetch_rows(self, n):
        time.sleep(0.001)
        return list(range(n))


class Fake:
    def fetch_rows(self, n):
        return [0] * n


def rows(source):
    return source.fetch_rows(3)


def main():
    for make in [Source, Fake]:
        print(rows(make()))


if __name__ == "__main__":
    main()
