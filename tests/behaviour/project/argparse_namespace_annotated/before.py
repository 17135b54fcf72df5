# case: expect = await args.func(args)
# case: expect = await function(args)
# case: expect = async def run(args: argparse.Namespace) -> None:
import argparse
import time


def add(args: argparse.Namespace) -> None:
    time.sleep(0.001)
    print("add", args.name)


def run(args: argparse.Namespace) -> None:
    if hasattr(args, "func"):
        args.func(args)
    function = getattr(args, "func", None)
    if function:
        function(args)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    command = commands.add_parser("add")
    command.add_argument("name")
    command.set_defaults(func=add)
    run(parser.parse_args(["add", "x"]))


if __name__ == "__main__":
    main()
