# case: unchanged
# `Worker` has a base of a library, but what it calls is its sibling's, which only the class that joins them shows.
from both import Both


def main():
    print(Both().work())


if __name__ == "__main__":
    main()
