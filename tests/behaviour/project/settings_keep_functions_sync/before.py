# case: expect = async def show_free():
# case: expect = print(show_kept())
# case: expect store.py = async def write(self, key, value):
# case: expect store.py = async def warm(self):
# case: reject store.py = async def read
# case: reject store.py = async def fetch
# case: expect store.py = def save_all(store):
# case: keep helpers.py
# Names and patterns of the settings stay sync, with the overrides and all that would make them async.
from helpers import doubled
from store import CachedStore, Store, save_all


def show_kept():
    store = CachedStore()
    return store.read("a"), save_all(store), doubled(2)


def show_free():
    store = Store()
    store.write("b", 1)
    store.warm()
    print(store.rows)


if __name__ == "__main__":
    print(show_kept())
    show_free()
