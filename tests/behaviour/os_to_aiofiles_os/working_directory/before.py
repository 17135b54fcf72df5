# case: args = --scope project --seed all
# case: expect = def where(name):
# case: reject = async def where
# case: reject = async def here
# case: expect = os.path.basename(await aiofiles.os.path.abspath("y")), await load("x")
# The working directory is no reason to turn a function async; where one is async, it is asked for beside the event loop.
import os


def where(name):
    return os.path.join(os.getcwd(), os.path.abspath(name))


def here():
    return where("x") == where("x")


def load(name):
    with open(name, "w") as file:
        file.write("1")
    return os.path.exists(os.path.abspath(name))


def main():
    print(where("x") == where("x"), os.path.basename(os.path.abspath("y")), load("x"))
    print(here())


if __name__ == "__main__":
    main()
