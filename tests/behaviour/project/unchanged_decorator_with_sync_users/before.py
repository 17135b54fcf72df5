# case: unchanged
# The wrapper has one body: async, it would break `plain`, whose caller `__len__` cannot await.
import functools
import time


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        print("call", fn.__name__)
        return fn(*args)

    return wrapper


@logged
def slow(n):
    time.sleep(0.001)
    return n


@logged
def plain(n):
    return n + 1


class Box:
    def __len__(self):
        return plain(1)


def main():
    print(slow(1), len(Box()))


if __name__ == "__main__":
    main()
