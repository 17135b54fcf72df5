# case: unchanged
import argparse
import time


def add(args):
    time.sleep(0.001)
    print("add")


def show(args):
    print("show")


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    commands.add_parser("add").set_defaults(func=add)
    commands.add_parser("show").set_defaults(func=show)
    for argv in (["add"], ["show"]):
        args = parser.parse_args(argv)
        args.func(args)


if __name__ == "__main__":
    main()
