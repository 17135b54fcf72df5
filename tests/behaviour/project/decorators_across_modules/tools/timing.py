import functools
import time


class Policy:
    def __init__(self, times):
        self.times = times


def counted(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        wrapper.calls += 1
        return fn(*args)

    wrapper.calls = 0
    return wrapper


def retry(policy):
    def decorate(fn):
        @functools.wraps(fn)
        def wrapper(*args):
            for _ in range(policy.times):
                try:
                    return fn(*args)
                except ValueError:
                    time.sleep(0.001)
            return None

        return wrapper

    return decorate
