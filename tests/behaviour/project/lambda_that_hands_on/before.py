# case: expect = await run(lambda: load(1))
# case: expect = return await action()
# case: expect = await double(), await double(2)
# case: expect = lambda x: load(x)
# case: expect = first = second = lambda n: load(n)
# case: expect = await first(5), await second(6), first.__name__, await make()(7)
import time


def load(x):
    time.sleep(0.001)
    return x


def run(action):
    return action()


TABLE = {"a": lambda x: load(x), "b": load}


def make():
    pick = lambda n: load(n)
    return pick


def main():
    print(run(lambda: load(1)), run(lambda: load(2)))
    double = lambda n=4: load(n)
    print(double(), double(2))
    first = second = lambda n: load(n)
    print(first(5), second(6), first.__name__, make()(7))
    print(TABLE["a"](5), TABLE["b"](6))


if __name__ == "__main__":
    main()
