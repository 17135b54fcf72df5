# case: args = --scope project --seed all --unsafe
# case: unchanged
# The calls in sight give `Device` a link; the one in the table gives it something else.
import time


class Device:
    def __init__(self, link):
        self.link = link

    def go(self):
        return self.link.connect()


class Link:
    def connect(self):
        time.sleep(0.001)
        return "link"


class Fake:
    def connect(self):
        return "fake"


def main():
    kinds = {"device": Device}
    print(Device(Link()).go())
    for make in [Link, Fake]:
        print(kinds["device"](make()).go())


if __name__ == "__main__":
    main()
