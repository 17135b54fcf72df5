# case: expect = await store.get("a")
# case: expect = return options.get("size")
# A `TypedDict` has the methods of a dictionary: its `get` is none of the store's.
import time
from options import Options


class Store:
    def get(self, key):
        time.sleep(0.001)
        return key.upper()


def size(options: Options | None):
    options = options or {}
    return options.get("size")


def main():
    store = Store()
    print(store.get("a"), size({"size": 2}), size(None))


if __name__ == "__main__":
    main()
