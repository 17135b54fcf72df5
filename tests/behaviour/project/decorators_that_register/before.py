# case: expect = async def ping(
# case: expect = await COMMANDS[name](
# case: expect = await handler(event)
# case: reject = async def command(
# case: reject = async def on(
import time

COMMANDS = {}
HANDLERS = {}


def command(fn):
    COMMANDS[fn.__name__] = fn
    return fn


def on(kind):
    def register(fn):
        HANDLERS.setdefault(kind, []).append(fn)
        return fn

    return register


@command
def ping(n):
    time.sleep(0.001)
    return f"ping {n}"


@command
def pong(n):
    time.sleep(0.001)
    return f"pong {n}"


@on("start")
def started(event):
    time.sleep(0.001)
    print("started", event)


@on("start")
def logged(event):
    time.sleep(0.001)
    print("logged", event)


def run(name, n):
    return COMMANDS[name](n)


def fire(kind, event):
    for handler in HANDLERS[kind]:
        handler(event)


def main():
    print(sorted(COMMANDS), run("ping", 1), run("pong", 2), ping(3))
    fire("start", 1)


if __name__ == "__main__":
    main()
