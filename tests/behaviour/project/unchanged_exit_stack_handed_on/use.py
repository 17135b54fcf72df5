from contextlib import ExitStack

from res import Lease


def open_all(names):
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(Lease(name))
        return stack.pop_all()


def take(stack, lease: Lease):
    return stack.enter_context(lease)
