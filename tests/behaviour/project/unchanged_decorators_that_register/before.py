# case: unchanged
# One registry holds a function that has nothing to await, another goes where its calls are not seen.
import atexit
import time

MIXED = {}
HOOKS = []


def mixed(fn):
    MIXED[fn.__name__] = fn
    return fn


def hook(fn):
    HOOKS.append(fn)
    return fn


@mixed
def ping(n):
    time.sleep(0.001)
    return f"ping {n}"


@mixed
def add(n):
    return n + 1


@hook
def bye():
    time.sleep(0.001)
    print("bye")


def main():
    print([MIXED[name](1) for name in sorted(MIXED)])
    for fn in HOOKS:
        atexit.register(fn)


if __name__ == "__main__":
    main()
