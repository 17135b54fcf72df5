# case: unchanged
# Nothing calls the methods of the hooks by their names, and the objects go to where names are made.
from builder import Wheel


def main():
    print(Wheel().build())


if __name__ == "__main__":
    main()
