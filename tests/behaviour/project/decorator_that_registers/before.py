# case: expect = async def ping(
# case: expect = await COMMANDS[name](
# case: reject = async def command(
import time

COMMANDS = {}


def command(fn):
    COMMANDS[fn.__name__] = fn
    return fn


@command
def ping(n):
    time.sleep(0.001)
    return f"ping {n}"


@command
def pong(n):
    time.sleep(0.001)
    return f"pong {n}"


def run(name, n):
    return COMMANDS[name](n)


def main():
    print(sorted(COMMANDS), run("ping", 1), run("pong", 2), ping(3))


if __name__ == "__main__":
    main()
