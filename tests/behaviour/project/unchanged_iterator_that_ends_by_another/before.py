# case: unchanged
from lines import Lines, Prepared, Wrapped


def main():
    print([line for line in Lines("ab")], [line for line in Wrapped("cd")], [line for line in Prepared("ef")])


if __name__ == "__main__":
    main()
