# case: args = --scope project --seed all --unsafe
# case: unchanged
# One caller gives something that nobody can tell, a callback may be given anything, and `connect` is a common name.
import time


class Link:
    def connect(self):
        time.sleep(0.001)
        return "link"


class Other:
    def open(self):
        time.sleep(0.001)
        return "other"


class Fake:
    def connect(self):
        return "fake"

    def open(self):
        return "fake"


def start(link):
    return link.connect()


def show(thing):
    return thing.open()


def pick(name):
    return globals()[name]()


def main():
    print(start(Link()), start(pick("Fake")))
    print(show(Other()), *map(show, [Fake()]))


if __name__ == "__main__":
    main()
