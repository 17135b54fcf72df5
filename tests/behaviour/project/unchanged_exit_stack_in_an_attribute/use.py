from contextlib import ExitStack

from res import Lease


class Group:
    def __init__(self):
        self.stack = ExitStack()

    def open(self, name):
        print(self.stack.enter_context(Lease(name)).name)

    def shut(self):
        self.stack.close()
