# case: unchanged
# `asyncio.run` in the command would fail where a loop runs already.
import asyncio
import time

import click
from click.testing import CliRunner


def load(name):
    time.sleep(0.001)
    return name * 2


@click.group()
def cli():
    pass


@cli.command()
@click.argument("name")
def show(name):
    click.echo(load(name))


def through_helper():
    return CliRunner().invoke(cli, ["show", "x"]).output


async def main():
    await asyncio.sleep(0)
    print(through_helper())


asyncio.run(main())
