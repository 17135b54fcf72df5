# case: unchanged
import time


def weigh(name):
    time.sleep(0.001)
    return len(name)


def rank(name):
    return weigh(name), name


def main():
    names = ["ccc", "a", "bb"]
    names.sort(key=rank)
    print(names, sorted(names, key=weigh, reverse=True), min(names, key=lambda n: weigh(n)), max(names, key=rank))


if __name__ == "__main__":
    main()
