# case: args = --scope project --seed all --unsafe
# case: unchanged
from clients import Creating, OneLine, Row, Single


def main():
    print(Creating().x, OneLine().x, Row(1).x, Single().x, Single() is Single())


if __name__ == "__main__":
    main()
