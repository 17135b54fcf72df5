# case: expect = total += await fetch(
import time


def fetch(n):
    time.sleep(0.001)
    return n


def main():
    total = 0
    for n in range(4):
        total += fetch(n)
    print(total)


if __name__ == "__main__":
    main()
