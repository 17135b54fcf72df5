# case: unchanged
# A function of a module that is handed on is called on something whose class nobody knows.
from vcs import identify


def main():
    for name in ("git", "hg"):
        system = identify(name)
        print([path for path in system.tracked()])


if __name__ == "__main__":
    main()
