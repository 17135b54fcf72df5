import time


class Base:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("base enter", self.name)
        return self

    def __exit__(self, kind, value, traceback):
        time.sleep(0.001)
        print("base exit", self.name)
        return False


class Child(Base):
    def __enter__(self):
        super().__enter__()
        print("child enter")
        return self

    def __exit__(self, *exc):
        print("child exit")
        return super().__exit__(*exc)


def connect(name):
    return Child(name)


class Owner:
    def __init__(self):
        self.conn = Child("owned")

    def run(self):
        with self.conn as c:
            return c.name
