from contextlib import contextmanager

from client import Aircraft, Api


@contextmanager
def session(name, note):
    if name:
        note(name)
        yield Api("http://x/")
    else:
        yield Api("http://y/")


class Holder:
    @contextmanager
    def store(self):
        aircraft = Aircraft("z")
        try:
            yield aircraft
        finally:
            print("left")
