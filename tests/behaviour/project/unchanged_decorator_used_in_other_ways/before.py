# case: unchanged
# The wrappers stand for functions that nobody would await.
import functools
import time
import threading


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        print("log")
        return fn(*args)

    return wrapper


def shown(fn):
    def wrapper(*args):
        print("shown")
        return fn(*args)

    return wrapper


def noted(fn):
    def wrapper(*args):
        print("noted")
        return fn(*args)

    return wrapper


def background(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        thread = threading.Thread(target=fn, args=args)
        thread.start()
        thread.join()

    return wrapper


def later(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return lambda: fn(*args)

    return wrapper


def deferred(fn):
    def wrapper(*args):
        def run():
            return fn(*args)

        return run

    return wrapper


@logged
def one(n):
    time.sleep(0.001)
    return n


@shown
def two(n):
    time.sleep(0.001)
    return n


@shown
class Made:
    pass


@noted
def three(n):
    time.sleep(0.001)
    return n


@background
def four(n):
    time.sleep(0.001)
    print("four", n)


@later
def five(n):
    time.sleep(0.001)
    return n


@deferred
def six(n):
    time.sleep(0.001)
    return n


@logged
def seven(n):
    return n


def main():
    length = logged(len)
    print(one(1), length([1]), two(2), type(Made()).__name__)
    print(sum(map(noted(abs), [-1, 2])), three(3))
    four(4)
    print(five(5)(), six(6)(), seven.__wrapped__(7))


if __name__ == "__main__":
    main()
