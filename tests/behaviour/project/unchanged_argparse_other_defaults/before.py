# case: unchanged
# The attributes are also set to functions that stay sync, or read where nobody awaits.
import argparse
import time


def add(args):
    time.sleep(0.001)
    print("add")


def show(args):
    print("show")


def load(args):
    time.sleep(0.001)
    print("load")


def save(args):
    time.sleep(0.001)
    print("save")


def list_(args):
    time.sleep(0.001)
    print("list")


def run(args):
    args.third(args)


def main():
    parser = argparse.ArgumentParser()
    parser.set_defaults(func=add, other=load, third=save, fourth=list_)
    parser.add_argument("--show", dest="func", action="store_const", const=show)
    parser.parse_args([]).func(None)
    parser.parse_args(["--show"]).func(None)
    args = parser.parse_args([])
    args.other(args)
    args.other = show
    args.other(args)
    run(args)
    vars(args)["fourth"](args)
    args.fourth(args)


if __name__ == "__main__":
    main()
