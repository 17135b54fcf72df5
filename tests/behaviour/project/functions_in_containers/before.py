# case: expect = print(name, text, await fn(1))
# case: expect = await COMMANDS["load"][0](5)
# case: expect = [await fn(2) for _, fn in STEPS]
# case: expect = await TABLE[key](1)
# case: expect = await first(1), [await one(2) for one in rest]
# case: expect = await BY_NAME.get("none", save)(1)
# case: expect = await found(7)
# case: expect = await action("a")
# case: expect = await (load if flag else save)(3)
import time


def load(x):
    time.sleep(0.001)
    return x


def save(x):
    time.sleep(0.001)
    return [x]


COMMANDS = {"load": (load, "loads"), "save": (save, "saves")}
STEPS = [("load", load), ("save", save)]
TABLE = {function.__name__: function for function in (load, save)}
BY_NAME = {"load": load}
NAMES = {load: "the loader", save: "the saver"}


def steps():
    yield load
    yield save


def main():
    for name in COMMANDS:
        fn, text = COMMANDS[name]
        print(name, text, fn(1))
    print(COMMANDS["load"][0](5), COMMANDS["save"][1], len(COMMANDS))
    for i, (name, fn) in enumerate(STEPS):
        print(i, name, fn(1))
    print([fn(2) for _, fn in STEPS])
    print([TABLE[key](1) for key in sorted(TABLE)])
    first, *rest = [load, save, load]
    print(first(1), [one(2) for one in rest])
    print(BY_NAME.get("none", save)(1), BY_NAME.get("load", save)(2))
    if found := BY_NAME.get("load"):
        print(found(7))
    for action in NAMES:
        print(NAMES[action], action("a"))
    chain = []
    chain.append(load)
    chain.insert(0, save)
    chain += [load]
    for number, step in zip(range(3), chain):
        print(number, step(number))
    for step in steps():
        print(step("step"))
    for flag in (True, False):
        print((load if flag else save)(3))


if __name__ == "__main__":
    main()
