# case: expect = async def _show(name: str, times: int) -> None:
# case: expect = async def _common(verbose: bool):
# case: expect = asyncio.run(_common(verbose))
# case: expect = typer.echo(asyncio.run(load(name)))
# case: expect = name: Annotated[str, typer.Argument(help="Whom to show.")],
import time
from typing import Annotated

import typer
from typer.testing import CliRunner

app = typer.Typer(add_completion=False)
state = {"verbose": False}


def load(name):
    time.sleep(0.001)
    return f"<{name}>"


@app.callback()
def common(verbose: bool = False):
    """Shows things."""
    state["verbose"] = verbose
    if verbose:
        typer.echo("loaded " + load("a") + load("b"))


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Whom to show.")],
    times: int = typer.Option(1, help="How often."),
) -> None:
    """Shows a name."""
    for _ in range(times):
        typer.echo(load(name))
    if name == "bad":
        raise typer.Exit(code=3)


@app.command("one")
def only_one(name: str = "x"):
    typer.echo(load(name))


runner = CliRunner()
for arguments in (["show", "a", "--times", "2"], ["--verbose", "one"], ["show", "bad"], ["show"]):
    result = runner.invoke(app, arguments)
    print(arguments, result.exit_code, result.stdout)
print(runner.invoke(app, ["show", "--help"]).exit_code)
