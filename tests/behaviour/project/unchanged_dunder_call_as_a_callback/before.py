# case: unchanged
from ops import Add, apply


def main():
    add = Add(2)
    print(add(1), list(map(add, [1, 2])), apply(Add(4), 1))


if __name__ == "__main__":
    main()
