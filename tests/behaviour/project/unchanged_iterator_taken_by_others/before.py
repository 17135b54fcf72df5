# case: unchanged
from count import Countdown, Reversed, Source


def main():
    c = Countdown(5)
    print(next(c), dict(zip("ab", c)), 1 in c)
    first, second = Reversed(2)
    print(first, second)
    for n in Source(2):
        print(n)


if __name__ == "__main__":
    main()
