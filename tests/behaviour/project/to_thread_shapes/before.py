# case: args = --scope project
# case: expect = await asyncio.to_thread(load, "a")
# case: expect = load,  # the loader
# case: expect = "b",  # the key
# case: expect = await asyncio.to_thread(load, *args, **{"times": 2})
# case: expect = await asyncio.to_thread(self.store.get, key)
# case: expect = (await asyncio.to_thread(load, "c")).upper()
# case: expect = await asyncio.to_thread(Store.name)
# case: expect = [await asyncio.to_thread(load, key) for key in "de"]
# case: expect = sum([await asyncio.to_thread(size, key) for key in "fg"])
# case: expect = await asyncio.to_thread(nothing)
# case: expect = await asyncio.to_thread(through, "h")
# The table keeps the functions sync.
import asyncio
import json
import logging
import time

log = logging.getLogger(__name__)


def load(key, times=1):
    time.sleep(0.001)
    log.debug("loaded %s", key)
    return key * times


def size(key):
    found = {}
    with open("size.json", "w") as file:
        json.dump({"key": key}, file)
    with open("size.json") as file:
        for line in file:
            found[line] = len(line.strip())
    return sum(found.values())


def nothing():
    time.sleep(0.001)


def through(key):
    return load(key) + "!"


class Store:
    def __init__(self):
        self.prefix = "store "

    def get(self, key):
        time.sleep(0.001)
        return self.prefix + key

    @staticmethod
    def name():
        time.sleep(0.001)
        return "Store"


TABLE = [load, size, nothing, through, Store.get, Store.name]


class Service:
    def __init__(self):
        self.store = Store()

    async def find(self, key):
        return self.store.get(key)


async def main():
    args = ["q"]
    print(load("a"))
    print(
        load(  # the loader
            "b",  # the key
            times=2,
        )
    )
    print(load(*args, **{"times": 2}), load("c").upper(), Store.name())
    print([load(key) for key in "de"], sum(size(key) for key in "fg"))
    print(nothing(), through("h"), await Service().find("i"))
    if load("j") == "j" and not load(""):
        print("done")


asyncio.run(main())
print(len(TABLE))
