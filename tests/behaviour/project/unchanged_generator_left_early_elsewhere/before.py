# case: unchanged
# None of these uses can close an async generator where a sync one is closed.
import time


def rows():
    try:
        for n in range(3):
            time.sleep(0.001)
            yield n
    finally:
        print("closed")


def handed_on():
    yield from rows()


def main():
    try:
        print([10 // (1 - n) for n in rows()])
    except ZeroDivisionError:
        print("after")
    print(any(n == 1 for n in rows()))
    print(list(handed_on()))


if __name__ == "__main__":
    main()
