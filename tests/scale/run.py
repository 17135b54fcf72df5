#!/usr/bin/env python3
"""Measures how the cost of a run grows: each generated project once at N and once at 2N, side by side.

    cargo build --release && python3 tests/scale/run.py

See README.md beside this file. Standard library only.
"""

import argparse
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The doubled project may take so many times as long: twice, and noise.
LIMIT = 2.6


def load(files, name="load", module=""):
    """The module that blocks."""
    files["pkg/__init__.py"] = ""
    files[f"pkg/{module or 'base'}.py"] = (
        f"import requests\n\n\ndef {name}(key):\n    return requests.get('http://localhost/' + key).text\n"
    )


def flat(count):
    """Every file calls one helper."""
    files = {}
    load(files)
    for at in range(count):
        files[f"pkg/m{at}.py"] = (
            f"from pkg.base import load\n\n\ndef use{at}(key):\n    return load(key).strip()\n"
        )
    return files


def chain(count):
    """Every file calls a function of the file before."""
    files = {}
    load(files, "step0", "m0")
    for at in range(1, count):
        files[f"pkg/m{at}.py"] = (
            f"from pkg.m{at - 1} import step{at - 1}\n\n\ndef step{at}(key):\n    return step{at - 1}(key)\n"
        )
    return files


def deep(count):
    """One file; every function calls the one before."""
    lines = ["import requests\n\n\ndef step0(key):\n    return requests.get('http://localhost/' + key).text\n"]
    lines += [f"\n\ndef step{at}(key):\n    return step{at - 1}(key)\n" for at in range(1, count)]
    return {"deep.py": "".join(lines)}


def classes(count):
    """Every file has a subclass that overrides what blocks, and somebody who makes one."""
    files = {"pkg/__init__.py": ""}
    files["pkg/base.py"] = (
        "import requests\n\n\nclass Base:\n"
        "    def fetch(self, key):\n        return requests.get('http://localhost/' + key).text\n\n"
        "    def poll(self):\n        return self.fetch('base')\n"
    )
    for at in range(count):
        files[f"pkg/m{at}.py"] = (
            f"from pkg.base import Base\n\n\nclass Own{at}(Base):\n"
            f"    def poll(self):\n        return self.fetch('{at}').strip()\n\n\n"
            f"class Keeper{at}:\n    def __init__(self):\n        self.own = Own{at}()\n\n"
            f"    def run{at}(self):\n        return self.own.poll()\n"
        )
    return files


def families(count):
    """Every file has a family of classes of its own; all methods have the same names."""
    files = {}
    load(files)
    for at in range(count):
        files[f"pkg/m{at}.py"] = (
            "from pkg.base import load\n\n\n"
            f"class Base{at}:\n    def poll(self):\n        return load('x')\n\n\n"
            f"class Left{at}(Base{at}):\n    def poll(self):\n        return super().poll() + '1'\n\n\n"
            f"def use{at}():\n    left = Left{at}()\n    return left.poll()\n"
        )
    return files


def managers(count):
    """Every file has a context manager that blocks, and uses it."""
    files = {}
    load(files)
    for at in range(count):
        files[f"pkg/m{at}.py"] = (
            "from pkg.base import load\n\n\n"
            f"class Session{at}:\n    def __enter__(self):\n        self.key = load('x')\n        return self\n\n"
            "    def __exit__(self, *rest):\n        load('y')\n\n\n"
            f"def use{at}():\n    with Session{at}() as session:\n        return session.key\n"
        )
    return files


def values(count):
    """Functions that flow: a registry in every file, callbacks, and one registry of all."""
    files = {}
    load(files)
    files["pkg/registry.py"] = (
        "TABLE = {}\n\n\ndef register(name, function):\n    TABLE[name] = function\n\n\n"
        "def dispatch(name, key):\n    return TABLE[name](key)\n\n\n"
        "def twice(function, key):\n    function(key)\n    return function(key)\n"
    )
    for at in range(count):
        files[f"pkg/m{at}.py"] = (
            "from pkg.base import load\nfrom pkg.registry import dispatch, register, twice\n\n\n"
            f"def first{at}(key):\n    return load(key)\n\n\n"
            f"def second{at}(key):\n    return load(key) + '2'\n\n\n"
            f"OWN = {{'first': first{at}, 'second': second{at}}}\n\n\n"
            f"def choose{at}(name, key):\n    return OWN[name](key)\n\n\n"
            f"def both{at}(key):\n    return twice(first{at}, key)\n\n\n"
            f"def start{at}():\n    register('{at}', second{at})\n    return dispatch('{at}', 'x')\n"
        )
    return files


def receivers(count):
    """Calls on receivers whose class only callers tell, or nobody."""
    files = {"pkg/__init__.py": ""}
    files["pkg/client.py"] = (
        "import requests\n\n\nclass Client:\n"
        "    def fetch_page(self, key):\n        return requests.get('http://localhost/' + key).text\n"
    )
    for at in range(count):
        files[f"pkg/m{at}.py"] = (
            "from pkg.client import Client\n\n\n"
            f"def read{at}(client, key):\n    return client.fetch_page(key)\n\n\n"
            f"def other{at}(things):\n    return [thing.fetch_page('x') for thing in things]\n\n\n"
            f"def begin{at}():\n    return read{at}(Client(), 'x')\n"
        )
    return files


PROJECTS = {
    "flat": (flat, 10_000, ()),
    "chain": (chain, 2_000, ()),
    "deep": (deep, 25_000, ()),
    "classes": (classes, 4_000, ()),
    "families": (families, 4_000, ()),
    "managers": (managers, 2_000, ()),
    "values": (values, 4_000, ()),
    "receivers": (receivers, 4_000, ("--unsafe",)),
}


def write(project, folder):
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(binary, folder, options):
    """Processor seconds, wall seconds and peak memory (MB) of one run."""
    command = [binary, "diff", "--exit-zero", "--seed", "all", *options, "."]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr.decode()}")
    changed = done.stdout.count(b"async def")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, wall, changed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help=f"of {', '.join(PROJECTS)}; all if none is named")
    parser.add_argument("--binary", default=ROOT / "target" / "release" / "awaitify")
    parser.add_argument("--size", type=float, default=1.0, help="a factor for the number of files")
    parser.add_argument("--runs", type=int, default=3, help="the fastest of so many runs counts")
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--keep", type=pathlib.Path, help="write the projects there and leave them")
    arguments = parser.parse_args()
    binary = str(pathlib.Path(arguments.binary).resolve())
    unknown = [name for name in arguments.projects if name not in PROJECTS]
    if unknown:
        parser.error(f"no such project: {', '.join(unknown)} (there are {', '.join(PROJECTS)})")
    slow = []
    print(f"{'project':12}{'N':>8}{'2N':>8}{'N: cpu':>10}{'2N: cpu':>10}{'ratio':>8}{'2N: wall':>10}  async functions")
    for name in arguments.projects or PROJECTS:
        generate, count, options = PROJECTS[name]
        count = max(2, int(count * arguments.size))
        with tempfile.TemporaryDirectory() as scratch:
            base = arguments.keep or pathlib.Path(scratch)
            folders = [base / f"{name}-{size}" for size in (count, 2 * count)]
            for folder, size in zip(folders, (count, 2 * count)):
                write(generate(size), folder)
            # In turn, so that what else the machine does falls on both.
            measured = [[run(binary, folder, options) for folder in folders] for _ in range(arguments.runs)]
        small, large = (min(one[side] for one in measured) for side in (0, 1))
        ratio = large[0] / small[0]
        print(
            f"{name:12}{count:8}{2 * count:8}{small[0]:9.2f}s{large[0]:9.2f}s{ratio:8.2f}{large[1]:9.2f}s"
            f"  {small[2]}, {large[2]}",
            flush=True,
        )
        if ratio > arguments.limit:
            slow.append(name)
    if slow:
        sys.exit(f"not linear: {', '.join(slow)} (the limit is {arguments.limit})")


if __name__ == "__main__":
    main()
