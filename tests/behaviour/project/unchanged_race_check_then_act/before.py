# case: unchanged
import time

cache = {}


def load(key):
    time.sleep(0.001)
    print("load", key)
    return key * 2


def get(key):
    if key not in cache:
        cache[key] = load(key)
    return cache[key]


def main():
    print([get(1) for _ in range(3)], cache)


if __name__ == "__main__":
    main()
