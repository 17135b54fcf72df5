# case: unchanged
from res import Lease
from use import each, factory


def main():
    factory(Lease)
    each([Lease("x"), Lease("y")])
    with Lease("own") as lease:
        with type(lease)("again"):
            print("in")


if __name__ == "__main__":
    main()
