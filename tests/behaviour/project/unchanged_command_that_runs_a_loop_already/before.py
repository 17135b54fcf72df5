# case: unchanged
# `check` invokes a command that runs an event loop: it cannot be async, so what it calls besides stays sync.
from click.testing import CliRunner

from cli import install, main


def runner():
    def invoke(*arguments):
        return CliRunner().invoke(main, arguments)

    return invoke


def check():
    print(install("tools"))
    result = runner()("wheel")
    print(result.exit_code, result.output)


if __name__ == "__main__":
    check()
