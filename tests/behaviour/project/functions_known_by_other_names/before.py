# case: expect = await again(1)
# case: expect = await fetch(2)
# case: expect = await double(3)
# This file does not hold the name that the function has where it is defined.
from names import again, double, fetch


def main():
    print(again(1), fetch(2), double(3))


if __name__ == "__main__":
    main()
