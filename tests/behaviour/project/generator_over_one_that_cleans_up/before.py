# case: expect = async with aclosing(pages()) as items:
# `lines` stays sync; left early, `pages` must let go of it at once.
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
