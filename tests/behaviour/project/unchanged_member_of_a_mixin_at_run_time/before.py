# case: unchanged
# The class that joins the two is made at run time.
import loader


def main():
    print(loader.build().work())


if __name__ == "__main__":
    main()
