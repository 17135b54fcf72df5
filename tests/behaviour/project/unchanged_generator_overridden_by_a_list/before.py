# case: unchanged
# One call reaches a generator and a plain method: it cannot be written for both.
import time


class Source:
    def rows(self):
        time.sleep(0.001)
        yield 1


class Fixed(Source):
    def rows(self):
        time.sleep(0.001)
        return [2]


def show(source: Source):
    for row in source.rows():
        print(row)


def main():
    show(Source())
    show(Fixed())


if __name__ == "__main__":
    main()
