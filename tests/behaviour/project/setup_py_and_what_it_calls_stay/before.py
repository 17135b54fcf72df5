# case: keep setup.py
# case: keep shop/version.py
# case: expect = async with aiofiles.open("setup.py")
# A build runs setup.py, and what that calls, where no requirement of the package is installed.


def main():
    with open("setup.py") as file:
        print("setuptools" in file.read())


if __name__ == "__main__":
    main()
