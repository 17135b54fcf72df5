# case: unchanged
import time


def pause(value):
    time.sleep(0.001)
    return value


class Box:
    def __init__(self, n):
        self.n = pause(n)

    def __len__(self):
        return pause(self.n)

    def __eq__(self, other):
        return pause(self.n) == other.n

    def __hash__(self):
        return pause(self.n)

    def __bool__(self):
        return bool(pause(self.n))

    def __contains__(self, x):
        return pause(x) < self.n

    def __getitem__(self, key):
        return pause(key) * 2

    def __getattr__(self, name):
        return pause(name.upper())

    def __lt__(self, other):
        return pause(self.n) < other.n

    def __add__(self, other):
        return Box(pause(self.n) + other.n)

    def __str__(self):
        return pause(f"Box {self.n}")

    def __repr__(self):
        return str(self)


class Meta:
    def __init_subclass__(cls):
        cls.label = pause(cls.__name__)


class Sub(Meta):
    pass


def main():
    a, b = Box(2), Box(1)
    print(len(a), a == b, bool(a), 1 in a, a[4], a.colour, sorted([a, b]), a + b, f"{a}", {a: 1}[a], Sub.label)


if __name__ == "__main__":
    main()
