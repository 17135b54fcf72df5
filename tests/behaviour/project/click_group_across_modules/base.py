import click


@click.group()
@click.option("--base", default="base")
@click.pass_context
def cli(ctx, base):
    """Everything."""
    ctx.obj = {"base": base}
