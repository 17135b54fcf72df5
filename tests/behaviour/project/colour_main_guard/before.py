# case: args = --scope project --seed all --make-async before:main
# case: exit = 3
import sys
def main():
    print("main"); return 3
if __name__ == "__main__":
    sys.exit(main())
