# case: unchanged
from use import Group


def main():
    group = Group()
    group.open("a")
    group.shut()


if __name__ == "__main__":
    main()
