# case: args = --scope project --seed all --select open_to_aiofiles
# case: unchanged
import pathlib


class Store:
    def replace(self, old, new):
        with open("t.txt") as f:
            return f.read().replace(old, new)

    def read(self, *names):
        with open("t.txt") as f:
            return [f.read(), *names]

    def load(self, name, *, size=None):
        with open("t.txt") as f:
            return f.read(size) + name

    def drop(self, name, count):
        with open("t.txt") as f:
            return f.read() + name * count


def through_instance(thing):
    return thing.replace("a", "b")


def with_any_number(thing):
    return thing.read(1, 2, 3)


def with_keywords(thing):
    return thing.load(size=1, name="n")


def through_class(thing, store):
    return thing.drop(store, "n", 2)


def starred(thing, arguments):
    return thing.drop(*arguments)


def main():
    pathlib.Path("t.txt").write_text("abc")
    store = Store()
    print(store.replace("a", "x"), store.read(), store.load("m"), store.drop("y", 1))
    print(through_instance(store), with_any_number(store), with_keywords(store))
    print(through_class(Store, store), starred(store, ["z", 2]))


if __name__ == "__main__":
    main()
