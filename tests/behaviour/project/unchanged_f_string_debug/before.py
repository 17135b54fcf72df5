# case: unchanged
# It prints its own source.
import time


def load(n):
    time.sleep(0.001)
    return n


def main():
    print(f"{load(1)=}")


if __name__ == "__main__":
    main()
