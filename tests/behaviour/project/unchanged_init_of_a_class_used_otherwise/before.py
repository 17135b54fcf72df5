# case: args = --scope project --seed all --unsafe
# case: unchanged
import collections

from clients import Again, Base, Child, Made, Supered


def main():
    table = collections.defaultdict(Made)
    print(Made().x, table["a"].x)
    print(Base().x, Child().x)
    print(Again().other().x, Supered().x)


if __name__ == "__main__":
    main()
