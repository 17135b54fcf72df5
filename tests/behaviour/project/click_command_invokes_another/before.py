# case: expect = async def _outer(
# case: reject = async def _inner(
# Both block, and the one runs inside of the other: only the outer one may run a loop.
import time

import click


@click.command()
@click.argument("name")
def inner(name):
    time.sleep(0.001)
    click.echo(name)


@click.command()
@click.argument("name")
@click.pass_context
def outer(ctx, name):
    time.sleep(0.001)
    ctx.invoke(inner, name=name * 2)


@click.group()
def cli():
    pass


cli.add_command(inner)
cli.add_command(outer)
cli(["outer", "x"])
