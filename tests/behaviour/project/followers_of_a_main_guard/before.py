# case: args = --seed time_sleep_to_asyncio --target-version 3.11
# case: expect = async def load(name):
# case: expect = await helper("x.txt")
import time


class Kept:
    def __init__(self, name):
        with open(name) as f:
            self.text = f.read()


def load(name):
    with open(name) as f:
        return f.read()


def helper(name):
    return load(name).upper()


def work():
    time.sleep(0)
    return "worked"


if __name__ == "__main__":
    with open("x.txt", "w") as f:
        f.write("text")
    print(helper("x.txt"), Kept("x.txt").text)
    print(work(), work())
