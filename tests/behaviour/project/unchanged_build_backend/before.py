# case: unchanged
# pip and build call the hooks of a backend by their names, in a process of their own, and await nothing.
import importlib

from backend import build_wheel


def main():
    print(build_wheel("dist"))
    hook = "build_editable"
    print(getattr(importlib.import_module("backend"), hook)("dist"))


if __name__ == "__main__":
    main()
