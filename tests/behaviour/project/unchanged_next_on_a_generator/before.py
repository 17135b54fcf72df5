# case: unchanged
# The end is another exception there: that takes `--unsafe`.
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield i


def main():
    it = rows(1)
    print(next(it))
    try:
        next(it)
    except StopIteration:
        print("end")


if __name__ == "__main__":
    main()
