# case: expect = async def reload(self)
# case: expect = self.n = await pause(2) + self.n
# case: expect = self.name = (await pause("x")).upper()
import time


def pause(value):
    time.sleep(0.001)
    return value


class Counter:
    def __init__(self):
        self.n = 1
        self.name = ""
        self.base = "b"

    def reload(self):
        self.n = pause(2) + self.n
        self.name = pause("x").upper()
        base = self.base
        text = pause(base)
        self.name = self.name + text


def main():
    counter = Counter()
    counter.reload()
    print(counter.n, counter.name)


if __name__ == "__main__":
    main()
