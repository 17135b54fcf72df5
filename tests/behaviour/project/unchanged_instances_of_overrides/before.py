# case: unchanged
from base import A, Lease, run
from res import Factory


class Made(Factory):
    def make(self):
        return Lease("made")


def main():
    run(A())
    Made().use()
    with Lease("x"):
        print("x")


if __name__ == "__main__":
    main()
