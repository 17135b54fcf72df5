# case: expect = async def _no_docstring():
# case: expect = async def _empty_line(count):
# case: expect = async def _sleepy():
# case: expect = async def _register_me(
# case: expect = return asyncio.run(_result())
import functools
import time

import click as c


def work(n=1):
    time.sleep(0.001)
    return n + 1


def loud(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("in", function.__name__)
        try:
            return function(*args, **kwargs)
        finally:
            print("out", function.__name__)

    return wrapper


@c.group(invoke_without_command=True, chain=True)
def cli():
    print("group", work(1), work(2))


@cli.command()
@loud
def no_docstring():
    for n in range(2):
        print(n, work(n))


@cli.command()
@c.option("--count", default=1)
def empty_line(count):  # how many
    """Says how many."""
    # A comment that belongs to what follows.
    print(work(count)); print(work(count + 1))  # two
    # The end.


@cli.command()
def sleepy(): time.sleep(0.001); print("slept")


@loud
def register_me(a, b=(1, 2), c=3, *rest, d, e=5, **more):
    'Not a command yet.'
    return print(a, b, c, rest, d, e, more, work(a), work(c))


cli.add_command(c.command("registered", params=[c.Option(["-a"], default=1), c.Option(["-d"], default=4)])(register_me))


@cli.command()
def result():
    def inner(value):
        return value + work(value)

    if inner(1) > 2:
        return inner(2)
    return None


@cli.result_callback()
def collect(values):
    print("collected", values)


for arguments in ([], ["no-docstring"], ["empty-line", "--count", "4", "result"], ["sleepy"], ["registered"]):
    print(cli(arguments, standalone_mode=False))
