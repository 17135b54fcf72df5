# case: unchanged
# A class body cannot await.
import time


def load(n):
    time.sleep(0.001)
    return n


def make():
    class Settings:
        value = load(1)

    return Settings


def main():
    print(make().value)


if __name__ == "__main__":
    main()
