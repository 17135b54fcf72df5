# case: args = --scope project --seed all --assist 2 --exit-zero
# case: expect =     # awaitify: blocked: used-as-value: `load` is async now, and is used as a value here
# case: expect =     # awaitify: blocked: special-method: Python does not await `Shelf.__len__`
# case: expect =         return sum(load(name) for name in self.names)
# case: expect = print(await load("third"))
# case: reject = await register
# The marked code is never run here: it is the user's to mend.
import sys
import time


def load(name):
    time.sleep(0.001)
    return len(name)


def on_exit(hook):
    sys.exitfunc = hook


class Shelf:
    def __init__(self, names):
        self.names = names

    def __len__(self):
        return sum(load(name) for name in self.names)

    def first(self):
        return load(self.names[0])


def main(argv):
    if len(argv) > 1:
        on_exit(load)
    shelf = Shelf(["one", "third"])
    print(shelf.first())
    print(load("third"))


if __name__ == "__main__":
    main(sys.argv)
