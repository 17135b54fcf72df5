# case: unchanged
# Left early, an async generator closes later, and so does what it iterates.
import time


def lines():
    try:
        yield "a"
        yield "b"
    finally:
        print("closed")


def pages():
    for line in lines():
        time.sleep(0.001)
        yield line.upper()


def main():
    for page in pages():
        print(page)
        break
    print("after")


if __name__ == "__main__":
    main()
