# case: expect = await load(
# Moved into a function, `settings` would be a local that `load` does not see.
import time


def load(key):
    time.sleep(0.001)
    return settings[key]


if __name__ == "__main__":
    settings = {"a": 1, "b": 2}
    print(load("a"))
    settings["c"] = load("b") + 1
    print(load("c"))
