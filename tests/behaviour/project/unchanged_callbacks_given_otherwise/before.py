# case: unchanged
# Each callback is also given something else, in a way of its own.
import functools
import time


def load_0(x):
    time.sleep(0.001)
    return x


def load_1(x):
    time.sleep(0.001)
    return x


def load_2(x):
    time.sleep(0.001)
    return x


def load_3(x):
    time.sleep(0.001)
    return x


def load_4(x):
    time.sleep(0.001)
    return x


def load_5(x):
    time.sleep(0.001)
    return x


def load_6(x):
    time.sleep(0.001)
    return x


def load_7(x):
    time.sleep(0.001)
    return x


def load_8(x):
    time.sleep(0.001)
    return x


def load_9(x):
    time.sleep(0.001)
    return x


def load_10(x):
    time.sleep(0.001)
    return x


def starred(callback, x):
    return callback(x)


def keywords(callback, x):
    return callback(x)


def shifted(callback, x):
    return callback(x)


def bound(x, callback):
    return callback(x)


def fallback(x, callback=None):
    return (callback or str)(x)


class Job:
    def __init__(self, callback):
        self.callback = callback

    def run(self):
        return self.callback(1)

    @classmethod
    def of(cls, callback):
        return cls(callback)


class Text(Job):
    def __init__(self):
        super().__init__(str)


class Named:
    def __init__(self, named):
        self.named = named

    def run(self):
        return self.named(1)


def tweak(anything):
    anything.named = str


class Set:
    def __init__(self, hook):
        self.hook = hook

    def run(self):
        return self.hook(1)


class Made:
    def __init__(self, maker):
        self.maker = maker

    def run(self):
        return self.maker(1)


def make(cls, function):
    return cls(function)


class Called:
    def __call__(self, x):
        return -x


def call(action):
    return action(1)


class Base:
    def method(self, action):
        return action(1)


class Sub(Base):
    def method(self, action):
        return action(2)


def main():
    print(starred(load_0, 1), starred(*[str, 2]))
    print(keywords(load_1, 1), keywords(**{"callback": str, "x": 2}))
    print(shifted(load_2, 1), functools.partial(shifted, str)(2))
    one = functools.partial(bound, 1)
    print(bound(1, load_3), one(str))
    print(fallback(1, load_4), fallback(2))
    print(Job(load_5).run(), Job.of(str).run(), Text().run())
    named = Named(load_6)
    print(named.run())
    tweak(named)
    print(named.run())
    set_ = Set(load_7)
    setattr(set_, "hook", str)
    print(set_.run())
    print(Made(load_8).run(), make(Made, str).run())
    print(call(load_9), call(Called()))
    print(Sub().method(load_10), Base().method(str))


if __name__ == "__main__":
    main()
