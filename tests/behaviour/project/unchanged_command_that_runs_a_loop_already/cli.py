import asyncio
import time

import click


def install(name):
    time.sleep(0.001)
    return name


async def _main(name):
    await asyncio.sleep(0.001)
    click.echo(f"built {name}")


@click.command()
@click.argument("name")
def main(name):
    asyncio.run(_main(name))
