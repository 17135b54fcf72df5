# case: unchanged
from ops import Retry, Traced


@Retry(2)
def work(x):
    return x * 2


@Traced
def traced(x):
    return x + 1


def main():
    print(work(1), traced(2))


if __name__ == "__main__":
    main()
