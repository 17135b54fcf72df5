# case: expect commands.py = click.echo(asyncio.run(fetch(ctx.obj["base"], key)))
# case: expect commands.py = async def _both(base, first, *, second):
# case: expect commands.py = asyncio.run(_both(base, first, second=second))
# case: expect store.py = async def fetch(
# case: expect base.py = def cli(ctx, base):
# case: keep base.py
import sys

import commands  # registers them
from base import cli

try:
    cli(["--base", "b", "one", "k"], standalone_mode=False)
    cli(["more", "both", "x"], standalone_mode=False)
    cli(["more", "both", "x", "--second", "boom"])
except SystemExit as error:
    print("exit", error.code)
sys.exit(cli.main(["one", "z"], standalone_mode=False))
