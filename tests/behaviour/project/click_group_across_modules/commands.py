import click

from base import cli
from store import fetch


@cli.command("one")
@click.argument("key")
@click.pass_context
def one(ctx, key):
    click.echo(fetch(ctx.obj["base"], key))


@cli.group()
def more():
    pass


@more.command()
@click.argument("first")
@click.option("--second", default="s")
@click.pass_obj
def both(base, first, *, second):
    """Two of them."""
    if second == "boom":
        raise SystemExit(7)
    click.echo(fetch(base["base"], first) + fetch(base["base"], second))
