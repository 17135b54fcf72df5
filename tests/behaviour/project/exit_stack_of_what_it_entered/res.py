import time


class Lease:
    def __init__(self, name):
        self.name = name

    @classmethod
    def made(cls, name):
        return cls(name)

    def again(self):
        return self

    def __str__(self):
        return f"lease {self.name}"

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, kind, value, traceback):
        time.sleep(0.001)
        print("exit", self.name)
        return True


shared = Lease("shared")
