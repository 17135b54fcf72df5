# case: expect = await load(1)
# case: expect = NAMES[load]
# case: expect = load is save
# case: expect = load.calls = 0
import time


def load(n):
    time.sleep(0.001)
    return n


def save(n):
    time.sleep(0.001)
    return -n


NAMES = {load: "loader", save: "saver"}
load.calls = 0


def main():
    print(NAMES[load], load is save, load == load, save in NAMES, load.__name__, load.calls)
    print(load(1), save(2))


if __name__ == "__main__":
    main()
