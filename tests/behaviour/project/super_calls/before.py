# case: expect = await super().load(
# case: expect = await super(Cached, self).load(
# case: expect = await Base.load(self
import time


class Base:
    def load(self, key):
        time.sleep(0.001)
        return [f"base {key}"]


class Logged(Base):
    def load(self, key):
        return super().load(key) + ["logged"]


class Cached(Logged):
    def __init__(self):
        super().__init__()
        self.seen = []

    def load(self, key):
        self.seen.append(key)
        return super(Cached, self).load(key)


class Direct(Base):
    def load(self, key):
        return Base.load(self, key.upper())


def main():
    cached = Cached()
    print(cached.load("a"), cached.load("b"), cached.seen)
    print(Direct().load("c"))


if __name__ == "__main__":
    main()
