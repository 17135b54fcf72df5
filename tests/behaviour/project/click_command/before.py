# case: expect = async def _report(names: tuple[str, ...], times: int, loud: bool) -> None:
# case: expect = asyncio.run(_report(names, times, loud))
# case: expect = await load(name, times)
# case: expect = @click.command()
# A command keeps its decorators, its signature and its help; what it does is async.
import time

import click
from click.testing import CliRunner


def load(name, times):
    time.sleep(0.001)
    return name * times


@click.command()
@click.argument("names", nargs=-1)
@click.option("--times", default=2, show_default=True, help="How often.")
@click.option("--loud", is_flag=True)
def report(names: tuple[str, ...], times: int, loud: bool) -> None:
    """Prints every name, more than once."""

    # One after the other.
    for name in names:
        text = load(name, times)
        click.echo(text.upper() if loud else text)  # to stdout
    if not names:
        raise click.UsageError("no names")
    click.echo(load("end", 1))


if __name__ == "__main__":
    runner = CliRunner()
    for arguments in (["a", "b"], ["--times", "3", "--loud", "x"], ["--help"], []):
        result = runner.invoke(report, arguments)
        print(arguments, result.exit_code)
        print(result.output)
    report(["last"])
