# case: expect = default=await load(1)
# case: expect = match await load(2)
# case: expect = [0, 1, 2, 3][await load(1):await load(3)]
# case: expect = case 2 if await load(3) == 3
import time


def load(n):
    time.sleep(0.001)
    return n


def tag(name):
    def decorator(fn):
        fn.tag = name
        return fn

    return decorator


def main():
    @tag(load("t"))
    def inner(x, default=load(1)):
        return x + default

    print(inner(1), inner.tag)
    match load(2):
        case 2 if load(3) == 3:
            print("two")
        case _:
            print("other")
    print([0, 1, 2, 3][load(1):load(3)], (lambda x=load(5): x)())
    data = {load("k"): load("v")}
    data[load("n")] = load("m")
    print(data, *[load(6)], end=load("!\n"))
    if (n := load(7)) and n > load(6):
        print(n)
    del data[load("k")]
    global_name = yes = load(8)
    print(data, global_name, yes, [n for n in (1, 2) if (m := load(n)) > 1], m)
    return load(9) if load(0) else load(10)


if __name__ == "__main__":
    print(main())
