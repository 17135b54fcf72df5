# case: expect = await args.func(args)
# case: expect = async def add(
# case: expect = async def show(
# case: expect = set_defaults(func=add)
# case: expect = asyncio.run(twice())
import argparse
import time


def add(args):
    time.sleep(0.001)
    print("add", args.name)
    return 0


def show(args):
    time.sleep(0.001)
    print("show", args.count)
    return 1


def main(argv=None):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    sub = commands.add_parser("add")
    sub.add_argument("name")
    sub.set_defaults(func=add)
    sub = commands.add_parser("show")
    sub.add_argument("--count", type=int, default=1)
    sub.set_defaults(func=show)
    args = parser.parse_args(argv)
    return args.func(args)


def twice():
    return main(["add", "x"]), main(["show", "--count", "3"])


if __name__ == "__main__":
    print(twice())
