# case: args = --scope project --seed all --unsafe
# case: expect = await fetch(
import time

totals = {"all": 0}


def fetch(n):
    time.sleep(0.001)
    return n


def add(n):
    totals["all"] += fetch(n)


def main():
    for n in range(4):
        add(n)
    print(totals)


if __name__ == "__main__":
    main()
