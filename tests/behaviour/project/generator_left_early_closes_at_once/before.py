# case: expect = aclosing(
# case: expect = async for
# A plain `async for` would close it after "after loop".
import time


def rows():
    try:
        time.sleep(0.001)
        yield 1
        yield 2
    finally:
        print("closed")


def first():
    for r in rows():
        return r


def main():
    for r in rows():
        print(r)
        break
    print("after loop")
    print(first())


if __name__ == "__main__":
    main()
