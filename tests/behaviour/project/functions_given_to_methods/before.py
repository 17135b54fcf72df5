# case: expect = return await self.TABLE[key](x)
# case: expect = return await cls.TABLE[key](x)
# case: expect = return await base.apply(callback)
# case: expect = await Base.apply(base, load), await Base.static(load), await Base.of_class(load)
# case: expect = await inner(callback, 1) + await inner(x=2, callback=callback)
# case: expect = await outer(Counter(3).step)
import time


def load(x):
    time.sleep(0.001)
    return x


def save(x):
    time.sleep(0.001)
    return -x


class Machine:
    TABLE = {"load": load, "save": save}

    def run(self, key, x):
        return self.TABLE[key](x)

    @classmethod
    def run_of_class(cls, key, x):
        return cls.TABLE[key](x)


class Base:
    def apply(self, callback):
        return callback(1)

    @staticmethod
    def static(callback):
        return callback(3)

    @classmethod
    def of_class(cls, callback):
        return callback(4)


class Sub(Base):
    def apply(self, callback):
        return callback(2)


def go(base: Base, callback):
    return base.apply(callback)


class Counter:
    def __init__(self, n):
        self.n = n

    def step(self, x):
        time.sleep(0.001)
        return x + self.n


def inner(callback, x):
    return callback(x)


def outer(callback):
    return inner(callback, 1) + inner(x=2, callback=callback)


def main():
    base = Base()
    print(Machine().run("load", 1), Machine.run_of_class("save", 2), Machine.TABLE["load"](3))
    print(go(Sub(), load), go(base, load))
    print(Base.apply(base, load), Base.static(load), Base.of_class(load), base.static(load), base.of_class(load))
    print(outer(load), outer(Counter(3).step))


if __name__ == "__main__":
    main()
