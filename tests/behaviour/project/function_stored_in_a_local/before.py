# case: expect = await action(1)
# case: expect = await chosen(2)
import time


def load(n):
    time.sleep(0.001)
    return f"load {n}"


def save(n):
    time.sleep(0.001)
    return f"save {n}"


def pick(name):
    return load if name == "load" else save


def main():
    action = load
    print(action(1))
    for name in ("load", "save"):
        chosen = pick(name)
        print(chosen(2))
    for step in (load, save):
        print(step(3))


if __name__ == "__main__":
    main()
