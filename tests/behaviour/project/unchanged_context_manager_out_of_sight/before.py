# case: unchanged
from res import Lease
from use import swallow


def main():
    swallow(Lease("lent"))
    with Lease("own"):
        print("in")


if __name__ == "__main__":
    main()
