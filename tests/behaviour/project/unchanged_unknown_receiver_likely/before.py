# case: unchanged
# Every `fetch_rows` would turn async, so that the call is likely theirs: that takes `--unsafe`.
import time


class Source:
    def fetch_rows(self, n):
        time.sleep(0.001)
        return list(range(n))


def rows(source):
    return source.fetch_rows(3)


def main():
    for make in [Source]:
        print(rows(make()))


if __name__ == "__main__":
    main()
