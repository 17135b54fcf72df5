//! Callers that are no modules: examples in docstrings, notebooks, Cython, and what stubs describe.

use awaitify::config::Scope;
use awaitify::python::PythonVersion;

use super::{AWAITS, run_in};

const API: &str = "\
import lib


def load(key):
    \"\"\"
    >>> load(1)
    1
    \"\"\"
    return lib.block(key)


class Store:
    def take(self, key):
        return lib.block(key)

    def drop(self, key):
        return lib.block(key)


def quiet():
    return lib.block(1)
";

const EXAMPLES: &str = "\
def show(value):
    '''Shows it.

    >>> import api
    >>> for key in range(3):
    ...     api.Store().take(key)
    >>> drop = show
    >>> drop(1)
    '''
";

#[test]
fn examples_that_doctest_runs_are_barriers() {
    run_in(
        Scope::Project,
        "unchanged_doctest",
        &[&AWAITS],
        &[
            ("api.py", API),
            ("examples.py", EXAMPLES),
            ("pytest.ini", "[pytest]\naddopts = --doctest-modules\n"),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn examples_that_nothing_runs_are_noted() {
    run_in(
        Scope::Project,
        "examples_are_noted",
        &[&AWAITS],
        &[("api.py", API), ("examples.py", EXAMPLES)],
        PythonVersion::PY311,
    );
}

#[test]
fn notebooks_and_cython_are_callers() {
    run_in(
        Scope::Project,
        "unchanged_foreign_callers",
        &[&AWAITS],
        &[
            ("api.py", API),
            (
                "study.ipynb",
                "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": [\"load\"]},\n{\"cell_type\": \"code\", \
                 \"source\": [\"import api\\n\", \"api.quiet()\"]}]}",
            ),
            ("fast.pyx", "cdef go(store):\n    store.drop(1)\n"),
            (
                "bin/tool",
                "#!/usr/bin/python3\nimport api\nprint(api.load(2))\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn stubs_change_with_what_they_describe() {
    run_in(
        Scope::Project,
        "stubs",
        &[&AWAITS],
        &[
            (
                "api.py",
                "import lib\n\n\ndef load(key):\n    return lib.block(key)\n\n\ndef rows():\n    yield lib.block(1)\n\n\n\
                 def pairs() -> 'Iterator[int]':\n    yield lib.block(2)\n",
            ),
            (
                "api.pyi",
                "from typing import Iterator\n\nRows = Iterator[int]\n\ndef load(key: int) -> int: ...\ndef rows() -> Rows: ...\n\
                 def pairs() -> Iterator[int]: ...\n",
            ),
            // Compiled: what it declares cannot change, and neither can what overrides it.
            (
                "fast.pyi",
                "class Reader:\n    def read_all(self) -> int: ...\n",
            ),
            (
                "slow.py",
                "import lib\nfrom fast import Reader\n\n\nclass Slow(Reader):\n    def read_all(self):\n        return lib.block(3)\n",
            ),
            (
                "use.py",
                "from slow import Slow\n\n\ndef main():\n    return Slow().read_all()\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn doubles_must_be_awaitable() {
    run_in(
        Scope::Project,
        "unchanged_doubles",
        &[&AWAITS],
        &[
            ("api.py", API),
            (
                "test_api.py",
                "from unittest.mock import patch\n\nimport api\n\n\ndef fake(key):\n    return 3\n\n\ndef check(monkeypatch):\n    \
                 monkeypatch.setattr(api, \"load\", fake)\n    with patch(\"api.quiet\", lambda: 1):\n        \
                 assert api.load(1) == api.quiet()\n    with patch.object(api.Store, \"take\", return_value=2):\n        \
                 assert api.Store().take(1) == 2\n    with patch(\"api.Store.drop\") as drop:\n        api.Store().drop(1).close()\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn callers_in_generated_files_are_barriers() {
    run_in(
        Scope::Project,
        "fixed_file",
        &[&AWAITS],
        &[
            ("api.py", API),
            (
                "client.py",
                "# Generated from api.yaml, DO NOT EDIT\nimport api\n\n\ndef go():\n    return api.load(1)\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn methods_that_others_may_call_are_barriers() {
    let api = "\
import lib


class Resource:
    def on_get(self, request):
        return lib.block(1)


class Commands:
    def sync(self):
        return lib.block(2)


class Middleware:
    def process(self, request):
        return lib.block(3)


class Rows:
    def keys(self):
        return lib.block(4)


class Shown:
    def describe(self):
        return lib.block(5)

    def close(self):
        return lib.block(6)


class Made:
    def get(self):
        return lib.block(7)

    def child(self) -> \"Made\":
        return Made()
";
    let main = "\
import logging

import cli
import web

import api

app = web.App()
app.add_route(\"/\", api.Resource())
cli.run(api.Commands)
app.configure(middleware=\"api.Middleware\")
print(dict(api.Rows()))
shown: api.Shown = api.Shown()
logging.info(\"%s\", shown)
print(shown, [repr(shown)])
made = api.Made().child()
";
    for (name, settings) in [
        ("unchanged_called_outside", ""),
        (
            "called_outside_with_unsafe",
            "[tool.awaitify]\nunsafe = true\n",
        ),
    ] {
        run_in(
            Scope::Project,
            name,
            &[&AWAITS],
            &[
                ("api.py", api),
                ("main.py", main),
                ("pyproject.toml", settings),
            ],
            PythonVersion::PY311,
        );
    }
}
