# case: unchanged
import time


def load(n):
    time.sleep(0.001)
    return n


HANDLERS = {"load": load, "size": len, "text": str}


def run(name, value):
    return HANDLERS[name](value)


def main():
    print(run("load", 1), run("size", "abc"), run("text", 2))


if __name__ == "__main__":
    main()
