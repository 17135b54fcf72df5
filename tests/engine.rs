//! The engine with codemods of the test's own: every reason that the engine itself has for leaving a candidate, and the
//! rules that no real codemod may break. The snapshots are in `snapshots/engine/`.

// I/O stays at the edges of the program; tests write the files that they migrate.
#![allow(clippy::disallowed_methods)]

#[path = "engine/outside.rs"]
mod outside;
mod support;

#[path = "engine/decorators.rs"]
mod decorators;
#[path = "engine/files.rs"]
mod files;
#[path = "engine/pins.rs"]
mod pins;
#[path = "engine/programs.rs"]
mod programs;

use std::fs;

use awaitify::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Role, USED_AS_VALUE};
use awaitify::config::{Config, Scope};
use awaitify::edit::Edit;
use awaitify::pipeline::{self, Render, Request};
use awaitify::plan::Plan;
use awaitify::python::PythonVersion;
use awaitify::unit::ImportRequest;
use ruff_python_ast::AnyNodeRef;
use ruff_text_size::Ranged;

use support::describe;

const TEMPLATE: Codemod = Codemod {
    name: "template",
    summary: "",
    readme: "",
    triggers: &["lib"],
    role: Role::Seed,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: None,
    declared: None,
    doubles: &["'lib.block'", "\"lib.block\""],
    reasons: &[],
    run: |_| {},
};

/// `lib.block(x)` -> `await alib.block(x)`.
static AWAITS: Codemod = Codemod {
    name: "awaits",
    run: |context| {
        for call in context.model.calls() {
            let meaning = context.model.meaning(&call.func);
            if meaning.path() == Some("lib.block") {
                let result = (|| {
                    let mut unit = context.unit(call.range());
                    unit.rename(context.model.id(call.func.as_ref()), "alib.block");
                    unit.import(ImportRequest::Module("alib"), context.model.id(call))?;
                    unit.await_(call)?;
                    unit.stops_raising("lib");
                    Ok(unit)
                })();
                context.report(call.range(), result);
            } else if meaning.path() == Some("lib.open") {
                let parent = context
                    .model
                    .nodes
                    .parent(context.model.nodes.parent(context.model.id(call)));
                let AnyNodeRef::StmtWith(with) = context.model.nodes.get(parent) else {
                    continue;
                };
                let item = with
                    .items
                    .iter()
                    .position(|item| item.range().contains_range(call.range()));
                let result = (|| {
                    let mut unit = context.unit(call.range());
                    unit.rename(context.model.id(call.func.as_ref()), "alib.open");
                    unit.import(ImportRequest::Module("alib"), context.model.id(call))?;
                    unit.async_with(with, item.unwrap_or(0))?;
                    Ok(unit)
                })();
                context.report(call.range(), result);
            } else if meaning.may_be(|path| path == "lib.block") {
                context.skip(call.range(), &AMBIGUOUS_BINDING, None);
            }
        }
    },
    ..TEMPLATE
};

/// Replaces each call of `lib.block` by text that is no Python.
static BREAKS: Codemod = Codemod {
    name: "breaks",
    run: |context| {
        for call in context.model.calls() {
            if context.model.meaning(&call.func).path() == Some("lib.block") {
                let mut unit = context.unit(call.range());
                let broken = context.model.slice(call.arguments.range()) == "(0)";
                unit.edit(Edit::replace(
                    call.range(),
                    if broken { "1 +" } else { "2" },
                ));
                context.add(unit);
            }
        }
    },
    ..TEMPLATE
};

/// Wants the same spans as [`BREAKS`].
static OVERLAPS: Codemod = Codemod {
    name: "overlaps",
    ..BREAKS
};

/// Needs a newer Python than the target.
static NEWER: Codemod = Codemod {
    name: "newer",
    min_python: PythonVersion::PY314,
    ..BREAKS
};

fn run(
    name: &str,
    codemods: &[&'static Codemod],
    files: &[(&str, &str)],
    target: PythonVersion,
) -> Plan {
    run_in(Scope::Function, name, codemods, files, target)
}

fn run_in(
    scope: Scope,
    name: &str,
    codemods: &[&'static Codemod],
    files: &[(&str, &str)],
    target: PythonVersion,
) -> Plan {
    let config = Config {
        scope,
        target_version: target,
        ..Config::default()
    };
    run_with(config, name, codemods, files)
}

/// With these settings; paths and requirements are filled in.
fn run_with(
    config: Config,
    name: &str,
    codemods: &[&'static Codemod],
    files: &[(&str, &str)],
) -> Plan {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().canonicalize().unwrap();
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let loaded = awaitify::config::load(&folder, None, &[]).unwrap();
    let config = Config {
        root: folder.clone(),
        src: vec![folder.clone()],
        requirements: loaded.requirements,
        make_async: loaded.make_async,
        allow_unsafe: config.allow_unsafe || loaded.allow_unsafe,
        ..config
    };
    let plan = pipeline::plan(&Request {
        paths: std::slice::from_ref(&folder),
        config: &config,
        codemods: codemods.to_vec(),
        telling: Vec::new(),
        named: Vec::new(),
        seeds: Vec::new(),
        jobs: Some(2),
        progress: None,
        render: Render::All,
        explain: None,
        chains: false,
        rules: Vec::new(),
    })
    .unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/engine"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, describe(&plan, &folder)));
    plan
}

fn one(name: &str, text: &str) -> Plan {
    run(name, &[&AWAITS], &[("a.py", text)], PythonVersion::PY310)
}

#[test]
fn await_goes_where_python_has_it() {
    one(
        "await_positions",
        "\
import lib


async def f(x):
    lib.block(1)
    lib.block(1).x, lib.block(2)[0], lib.block(3)(), -lib.block(4), lib.block(5) ** 2, not lib.block(6)
    (lib.block(7)).y
    return [lib.block(i) for i in lib.block(8)], sum(lib.block(i) for i in x), max((lib.block(i) for i in x), 3)


async def g(x=None):
    if x: lib.block(lib.block(9)); lib.block(10)
    f'{lib.block(11)} {lib.block(12)!r:>{lib.block(13)}}'
    await lib.block(14)
    lib.block(15).a = lib.block(16)
    print(*lib.block(17), **lib.block(18))
    return lib.block(
        # a comment
        19
    )
",
    );
}

#[test]
fn mixed_with_statements_are_split_in_order() {
    one(
        "with_items",
        "\
import lib


async def f():
    with lib.open(1) as a, lib.open(2) as b:
        a, b
    with before, lib.open(3) as c, other(c), lib.open(4):
        first()
        # in the body

        second('''
kept''')
        # at its end
    with (
        lib.open(5) as d,
        other(d) as e,
    ):
        return e
    with lib.open(6) as g, x: done(); with_(g)
    with lib.open(lib.block(7)) as h:
        pass
    async with already, started(lib.block(8)):
        pass
",
    );
}

#[test]
fn places_where_python_has_no_await_are_refused() {
    one(
        "unchanged_positions",
        "\
import lib

lib.block(0)


def sync():
    lib.block(1)


# awaitify: keep-sync
def pinned():
    lib.block(2)


class C:
    x = lib.block(3)


async def f(xs):
    g = lambda: lib.block(4)
    xs and any(lib.block(x) for x in xs)
    (lib.block(x) for x in xs)
    [[lib.block(y) for y in x] for x in xs]
    print(f'{lib.block(5)=}')

    class D[T = lib.block(6)]:
        pass

    lib.block(7)  # awaitify: ignore
    with (
        lock,  # a comment
        lib.open(8) as a,
    ):
        pass
    return g


async def taken(alib):
    lib.block(8)


async def fallback():
    try:
        from lib import block
    except ImportError:
        block = None
    block(9)
",
    );
}

#[test]
fn what_other_files_name_stays() {
    run(
        "unchanged_named_elsewhere",
        &[&AWAITS],
        &[
            ("pkg/__init__.py", ""),
            (
                "pkg/api.py",
                "import lib\n\n\nasync def fetch():\n    lib.block(1)\n",
            ),
            (
                "tests/test_api.py",
                "from unittest.mock import patch\n\n\n@patch('pkg.api.lib.block')\ndef test(block):\n    pass\n",
            ),
        ],
        PythonVersion::PY311,
    );
    run(
        "doubled_elsewhere",
        &[&AWAITS],
        &[
            (
                "api.py",
                "import lib\n\n\nasync def fetch():\n    lib.block(1)\n\n\nasync def untested():\n    lib.block(2)\n",
            ),
            (
                "test_it.py",
                "from unittest.mock import patch\nimport api\n\n\n@patch('lib.block')\nasync def test(block):\n    await api.fetch()\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn exceptions_that_others_wait_for_keep_their_kind() {
    run(
        "unchanged_exceptions",
        &[&AWAITS],
        &[
            (
                "api.py",
                "import lib\n\n\nasync def fetch():\n    lib.block(1)\n",
            ),
            (
                "middle.py",
                "import api\n\n\nasync def load():\n    return await api.fetch()\n",
            ),
            (
                "top.py",
                "import lib\nimport middle\n\n\nasync def main():\n    try:\n        await middle.load()\n    except lib.Error:\n        pass\n",
            ),
            (
                "mixed.py",
                "import lib\n\n\ndef old():\n    lib.block(1)\n\n\nasync def both():\n    try:\n        lib.block(2)\n        old()\n    except lib.Error:\n        pass\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn the_verifier_drops_the_unit_that_breaks_the_file_and_no_other() {
    let plan = run(
        "verify",
        &[&BREAKS],
        &[("a.py", "import lib\n\nx = lib.block(0)\ny = lib.block(1)\n")],
        PythonVersion::PY311,
    );
    assert_eq!((plan.files.len(), plan.left.len()), (1, 1));
}

#[test]
fn overlapping_units_are_both_left() {
    let plan = run(
        "unchanged_overlap",
        &[&BREAKS, &OVERLAPS],
        &[("a.py", "import lib\n\ny = lib.block(1)\n")],
        PythonVersion::PY311,
    );
    assert_eq!((plan.files.len(), plan.left.len()), (0, 2));
}

#[test]
fn the_target_version_gates() {
    run(
        "unchanged_python_version",
        &[&NEWER],
        &[("a.py", "import lib\n\nlib.block(1)\n")],
        PythonVersion::PY311,
    );
}

#[test]
fn the_plan_does_not_depend_on_threads() {
    let text = "import lib\n\n\nasync def f():\n    lib.block(1)\n";
    let files: Vec<(String, &str)> = (0..50)
        .map(|index| (format!("m{index}.py"), text))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let temp = tempfile::tempdir().unwrap();
    for (name, text) in &files {
        fs::write(temp.path().join(name), text).unwrap();
    }
    let config = Config {
        root: temp.path().to_path_buf(),
        ..Config::default()
    };
    let plans: Vec<String> = [1, 2, 7]
        .into_iter()
        .map(|jobs| {
            let plan = pipeline::plan(&Request {
                paths: &[temp.path().to_path_buf()],
                config: &config,
                codemods: vec![&AWAITS],
                telling: Vec::new(),
                named: Vec::new(),
                seeds: Vec::new(),
                jobs: Some(jobs),
                progress: None,
                render: Render::All,
                explain: None,
                chains: false,
                rules: Vec::new(),
            })
            .unwrap();
            describe(&plan, temp.path())
        })
        .collect();
    assert!(plans[0].contains("+    await alib.block(1)"));
    assert!(plans.iter().all(|plan| *plan == plans[0]));
}

/// Named so that the reason has its place in the list of those with a fixture.
#[test]
fn a_function_used_as_a_value_is_a_reason_of_the_engine() {
    static VALUES: Codemod = Codemod {
        name: "values",
        run: values,
        ..TEMPLATE
    };
    fn values(context: &mut Context<'_, '_>) {
        for call in context.model.calls() {
            for argument in &call.arguments.args {
                if context.model.meaning(argument).path() == Some("lib.block") {
                    context.skip(argument.range(), &USED_AS_VALUE, None);
                }
            }
        }
    }
    run(
        "unchanged_used_as_value",
        &[&VALUES],
        &[("a.py", "import lib\n\ncall_later(lib.block)\n")],
        PythonVersion::PY311,
    );
}

#[test]
fn async_spreads_through_the_project() {
    run_in(
        Scope::Project,
        "project",
        &[&AWAITS],
        &[
            ("pkg/__init__.py", "from .api import Client, load\n"),
            (
                "pkg/api.py",
                "\
import lib


class Client:
    def fetch(self, n):
        return lib.block(n)

    def both(self, a, b):
        return self.fetch(a).x, -self.fetch(b)


class Cached(Client):
    def fetch(self, n):
        return super().fetch(n)


def load(client: Client, n):
    if client.both(n, n):
        return [client.fetch(i) for i in range(n)]


def untouched():
    return 1
",
            ),
            (
                "main.py",
                "\
from pkg import Client, load


def main():
    client = Client()
    print(sum(load(client, 1)))


if __name__ == \"__main__\":
    main()
",
            ),
            (
                "several.py",
                "\
import pkg

if __name__ == \"__main__\":
    client = pkg.Client()
    # a comment
    pkg.load(client, 1)
    for n in range(3):
        pkg.load(client, n)  # at the end
",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn scripts_import_what_stands_beside_them() {
    let store = "import lib\n\n\ndef load():\n    return lib.block(1)\n";
    let main = "import store\n\nprint(store.load())\n";
    let files = [("one/store.py", store), ("one/main.py", main)];
    run_in(
        Scope::Project,
        "script_folder",
        &[&AWAITS],
        &files,
        PythonVersion::PY311,
    );
    // Two modules of one name: each script means the one beside it.
    let files = [
        ("one/store.py", store),
        ("one/main.py", main),
        ("two/store.py", store),
        ("two/main.py", main),
    ];
    run_in(
        Scope::Project,
        "script_folders",
        &[&AWAITS],
        &files,
        PythonVersion::PY311,
    );
}

#[test]
fn a_call_through_an_unknown_module_is_a_barrier() {
    let store = "import lib\n\n\ndef load():\n    return lib.block(1)\n";
    // The folder of `store` is put on the path in a way that is not read.
    let main = "import sys\n\nsys.path.append(\"lib\")\nimport store\n\nprint(store.load())\n";
    run_in(
        Scope::Project,
        "unchanged_unknown_module",
        &[&AWAITS],
        &[("lib/store.py", store), ("bin/main.py", main)],
        PythonVersion::PY311,
    );
}

#[test]
fn a_file_that_does_not_parse_is_a_barrier() {
    let store = "import lib\n\n\ndef load():\n    return lib.block(1)\n\n\ndef other():\n    return lib.block(2)\n\n\nclass Store:\n    def load(self):\n        return lib.block(3)\n";
    run_in(
        Scope::Project,
        "unread_caller",
        &[&AWAITS],
        &[
            ("store.py", store),
            ("old.py", "from store import load\nprint load()\n"),
            (
                "main.py",
                "import store\n\nprint(store.load(), store.other())\n",
            ),
        ],
        PythonVersion::PY311,
    );
}

#[test]
fn likely_calls_need_unsafe_outside_of_tests() {
    let store = "import lib\n\n\nclass Store:\n    def ask(self):\n        return lib.block(1)\n\n    def reply(self):\n        return lib.block(2)\n\n    def delete(self):\n        return lib.block(3)\n";
    let main = "def use(thing):\n    return thing.reply()\n";
    let test = "def test_ask(store):\n    assert store.ask() == 1\n";
    let settings = "[tool.pytest.ini_options]\nasyncio_mode = \"auto\"\n";
    let with_unsafe = format!("[tool.awaitify]\nunsafe = true\n\n{settings}");
    for (name, settings) in [
        ("likely_in_tests", settings),
        ("likely_with_unsafe", with_unsafe.as_str()),
    ] {
        run_in(
            Scope::Project,
            name,
            &[&AWAITS],
            &[
                ("store.py", store),
                ("main.py", main),
                ("test_store.py", test),
                ("pyproject.toml", settings),
            ],
            PythonVersion::PY311,
        );
    }
}

#[test]
fn callables_of_libraries_are_seeds() {
    let api = "\
from kit import Client, Session, connect


class Api:
    def __init__(self, client: Client | None = None):
        self.client = client or Client()
        self.count = 0

    def get(self, path):
        return self.client.request(path).body

    def stream(self, path):
        with self.client.stream(path) as lines:
            return list(lines)

    def more(self):
        self.count += self.client.request(\"/count\")

    def __len__(self):
        return self.client.request(\"/size\")


class Own(Session):
    def fetch(self, path):
        return self.request(path)

    def close(self):
        return super().close()


async def already(client: Client):
    await client.close()
    return connect(), client.close(), other.request(1)
";
    let main = "from api import Api\n\n\ndef load(api: Api):\n    return api.client.request(\"/\")\n\n\nconnection = load(Api())\n";
    let settings =
        "[tool.awaitify]\nmake-async = [\"kit.Client.*\", \"kit.Session.*\", \"kit.connect\"]\n";
    let files = [
        ("api.py", api),
        ("main.py", main),
        ("pyproject.toml", settings),
    ];
    run_in(
        Scope::Project,
        "make_async_foreign",
        &[],
        &files,
        PythonVersion::PY311,
    );
}

#[test]
fn tests_are_callers_too() {
    let test = "import lib\n\n\ndef load():\n    return lib.block(1)\n\n\ndef test_load():\n    assert load() == 1\n\n\nclass TestLoad:\n    def test_it(self):\n        assert -load()\n";
    for (name, settings) in [
        (
            "pytest_strict",
            "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"pytest-asyncio\"]\n",
        ),
        (
            "pytest_auto",
            "[tool.pytest.ini_options]\nasyncio_mode = \"auto\"\n",
        ),
    ] {
        let files = [("test_load.py", test), ("pyproject.toml", settings)];
        run_in(
            Scope::Project,
            name,
            &[&AWAITS],
            &files,
            PythonVersion::PY311,
        );
    }
}

#[test]
fn fixtures_and_test_cases_change_with_what_they_call() {
    let conftest = "import pytest\n\nimport lib\nfrom store import Store\n\n\n@pytest.fixture\ndef store():\n    return Store()\n\n\n@pytest.fixture()\ndef loaded(store):\n    yield store.load()\n    store.load()\n\n\n@pytest.fixture(scope=\"session\")\ndef shared():\n    return lib.block(5)\n\n\n@pytest.fixture(scope=lib.SCOPE)\ndef wide():\n    return lib.block(8)\n\n\ndef pytest_configure(config):\n    lib.block(6)\n";
    let cases = "from unittest import TestCase\n\nimport lib\nfrom store import Store\n\n\nclass Case(TestCase):\n    @classmethod\n    def setUpClass(cls):\n        lib.block(7)\n\n    def setUp(self):\n        super().setUp()\n        self.first = Store().load()\n\n    def test_it(self):\n        self.assertEqual(self.first, Store().load())\n";
    let files = [
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"pytest-asyncio\"]\n",
        ),
        (
            "store.py",
            "import lib\n\n\nclass Store:\n    def load(self):\n        return lib.block(1)\n",
        ),
        ("tests/conftest.py", conftest),
        ("tests/test_cases.py", cases),
        (
            "tests/test_store.py",
            "def test_load(store, loaded):\n    assert store.load() == loaded\n\n\ndef test_sync(loaded):\n    assert loaded\n",
        ),
    ];
    run_in(
        Scope::Project,
        "test_fixtures",
        &[&AWAITS],
        &files,
        PythonVersion::PY311,
    );
}

#[test]
fn decorators_outside_of_the_project_are_known() {
    let mut text = String::from(
        "import lib\nimport backoff, celery, fastapi, flask, functools, pytest, tenacity\nfrom aiohttp import web\n\napp = fastapi.FastAPI()\nsite = flask.Flask(__name__)\nroutes = web.RouteTableDef()\n",
    );
    let decorators = [
        "app.get(\"/\")",
        "routes.post(\"/\")",
        "tenacity.retry(stop=1)",
        "backoff.on_exception(backoff.expo, KeyError)",
        "pytest.mark.slow",
        "site.route(\"/\")",
        "functools.lru_cache(maxsize=1)",
        "functools.cache",
        "functools.singledispatch",
        "property",
        "pytest.mark.django_db",
    ];
    for (number, decorator) in decorators.iter().enumerate() {
        text.push_str(&format!(
            "\n\n@{decorator}\ndef f{number}(x):\n    return lib.block({number})\n"
        ));
    }
    run_in(
        Scope::Project,
        "foreign_decorators",
        &[&AWAITS],
        &[("views.py", text.as_str())],
        PythonVersion::PY311,
    );
}

#[test]
fn async_stops_at_barriers_and_says_why() {
    let barriers: [(&str, &str); 33] = [
        (
            "interrupt",
            "def f():\n    try:\n        lib.block(1)\n    except KeyboardInterrupt:\n        pass\n",
        ),
        (
            "threads",
            "class C:\n    def __len__(self):\n        self.n = lib.block(1)\n\n    async def g(self):\n        return self.__len__()\n\n\ndef f():\n    yield lib.block(1)\n\n\nkeep = [f]\n\n\nasync def g():\n    return list(f())\n",
        ),
        (
            "named",
            "BACKEND = \"named.send\"\n\n\ndef send():\n    lib.block(1)\n",
        ),
        (
            "special",
            "class C:\n    def __len__(self):\n        return lib.block(1)\n",
        ),
        (
            "escapes",
            "class C:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *exc):\n        lib.block(1)\n\n\ndef f():\n    for c in [C()]:\n        with c:\n            pass\n",
        ),
        (
            "half",
            "class C:\n    def __exit__(self, *exc):\n        lib.block(1)\n",
        ),
        (
            "there",
            "class C:\n    def __iter__(self):\n        yield lib.block(1)\n\n    async def __aiter__(self):\n        yield 1\n\n\ndef f():\n    return list(C())\n",
        ),
        (
            "constructor",
            "class C:\n    def __init__(self):\n        lib.block(1)\n",
        ),
        (
            "property",
            "class C:\n    @property\n    def f(self):\n        return lib.block(1)\n",
        ),
        (
            "decorated",
            "import functools\n\n\n@functools.lru_cache\ndef f():\n    return lib.block(1)\n",
        ),
        (
            "foreign",
            "import other\n\n\nclass C(other.Base):\n    def f(self):\n        return lib.block(1)\n",
        ),
        (
            "receiver",
            "class C:\n    def ask(self):\n        return lib.block(1)\n\n\ndef g(c):\n    return c.ask()\n",
        ),
        (
            "generator",
            "def f():\n    yield lib.block(1)\n\n\ndef g():\n    return len(f())\n",
        ),
        ("result", "def f():\n    yield lib.block(1)\n    return 2\n"),
        (
            "cleanup",
            "def f():\n    try:\n        yield lib.block(1)\n    finally:\n        print()\n\n\ndef g():\n    yield from f()\n",
        ),
        (
            "entered",
            "from contextlib import contextmanager\n\n\n@contextmanager\ndef f():\n    yield lib.block(1)\n\n\ndef g():\n    kept = f()\n    with kept:\n        pass\n",
        ),
        (
            "stop",
            "def f(it):\n    lib.block(1)\n    return next(it)\n",
        ),
        (
            "awaitable",
            "def f():\n    return lib.block(1)\n\n\nasync def g():\n    return await f()\n",
        ),
        ("script", "def command():\n    lib.block(1)\n"),
        (
            "async_script",
            "def run():\n    lib.block(1)\n\n\nasync def serve():\n    helper()\n\n\ndef helper():\n    run()\n",
        ),
        ("one_line", "def run(): \"\"\"Runs.\"\"\"; lib.block(1)\n"),
        (
            "tasks",
            "import celery\n\napp = celery.Celery()\n\n\n@app.task(bind=True)\ndef task(self):\n    lib.block(1)\n",
        ),
        (
            "commands",
            "import click\n\n\n@click.command()\ndef command():\n    lib.block(1)\n\n\nasync def serve():\n    command.main([])\n",
        ),
        (
            "app",
            "import typer\n\napp = typer.Typer()\n\n\n@app.command()\ndef command():\n    lib.block(1)\n\n\nasync def serve():\n    app()\n",
        ),
        (
            "next_script",
            "import click\n\n\n@click.command()\ndef command():\n    lib.block(next(iter([])))\n",
        ),
        ("test_it", "def test_f():\n    lib.block(1)\n"),
        (
            "runs",
            "def f():\n    lib.block(1)\n\n\nx: int = f()\nf()\n",
        ),
        (
            "loop",
            "import asyncio\n\n\ndef f():\n    lib.block(1)\n    asyncio.run(g())\n\n\nasync def g():\n    pass\n",
        ),
        (
            "race",
            "class C:\n    def f(self):\n        return lib.block(1)\n\n    def g(self):\n        self.n += self.f()\n",
        ),
        (
            "mixed",
            "def f(x):\n    return lib.block(x)\n\n\nTABLE = {\"f\": f, \"p\": print}\n\n\ndef g(name):\n    return TABLE[name](1)\n",
        ),
        (
            "made",
            "def on_load():\n    lib.block(1)\n\n\ndef call(obj, name):\n    return getattr(obj, \"on_\" + name)()\n",
        ),
        (
            "forks",
            "import os\n\n\ndef go():\n    if os.fork():\n        return lib.block(1)\n",
        ),
        (
            "greenlets",
            "import gevent\n\n\ndef pause():\n    gevent.sleep(0)\n\n\ndef go():\n    pause()\n    return lib.block(1)\n",
        ),
    ];
    let texts: Vec<(String, String)> = barriers
        .iter()
        .map(|(name, text)| (format!("{name}.py"), format!("import lib\n\n\n{text}")))
        .chain([(
            "pyproject.toml".to_string(),
            "[project.scripts]\nrun = \"async_script:run\"\none-line = \"one_line:run\"\n[project.entry-points.hooks]\ncommand = \"script:command\"\n"
                .to_string(),
        )])
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let plan = run_in(
        Scope::Project,
        "unchanged_barriers",
        &[&AWAITS],
        &files,
        PythonVersion::PY311,
    );
    assert!(plan.files.is_empty());
}

#[test]
fn what_unsafe_restructures_has_limits() {
    let files = [
        (
            "taken.py",
            "import lib\n\n\nclass C:\n    def __init__(self, n) -> None:\n        \"\"\"Asks.\"\"\"\n        if not n:\n            return\n        self.n = lib.block(n)  # here\n\n    @property\n    def size(self):\n        return lib.block(self.n)\n\n\ndef f():\n    return C(1).size.real\n",
        ),
        (
            "based.py",
            "import lib\n\n\nclass C(Exception):\n    def __init__(self):\n        lib.block(1)\n\n\ndef f():\n    return C()\n",
        ),
        (
            "subclass.py",
            "import lib\n\n\nclass C:\n    def __init__(self):\n        lib.block(1)\n\n\nclass D(C):\n    pass\n\n\ndef f():\n    return C()\n",
        ),
        (
            "attribute.py",
            "import lib\n\n\nclass C:\n    @property\n    def f(self):\n        return lib.block(1)\n\n\nclass D(C):\n    f = 2\n\n\ndef g():\n    return C().f\n",
        ),
        (
            "called.py",
            "import lib\n\n\nclass C:\n    @property\n    def f(self):\n        return lib.block(1)\n\n\ndef g():\n    return C().f()\n",
        ),
    ];
    let config = Config {
        scope: Scope::Project,
        allow_unsafe: true,
        ..Config::default()
    };
    run_with(config, "unsafe_restructuring", &[&AWAITS], &files);
}

/// A deterministic stream of small numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One function of a generated project.
#[derive(Clone, Debug)]
struct Node {
    calls: Vec<usize>,
    blocks: bool,
    pinned: bool,
}

/// Random call graphs with random barriers, as modules: what becomes async is the largest set that the barriers allow, and
/// every call of it is awaited.
#[test]
fn the_largest_set_becomes_async_and_every_call_is_awaited() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let count = 3 + dice.roll(12) as usize;
        let nodes: Vec<Node> = (0..count)
            .map(|_| Node {
                calls: (0..dice.roll(4))
                    .map(|_| dice.roll(count as u64) as usize)
                    .collect(),
                blocks: dice.roll(4) == 0,
                pinned: dice.roll(7) == 0,
            })
            .collect();
        let module = |index: usize| index % 3;
        let mut texts = vec![String::new(); 3];
        for (number, text) in texts.iter_mut().enumerate() {
            text.push_str("import lib\n");
            for other in (0..3).filter(|&other| other != number) {
                text.push_str(&format!("import m{other}\n"));
            }
        }
        let call = |from: usize, to: usize| {
            if module(from) == module(to) {
                format!("f{to}()")
            } else {
                format!("m{}.f{to}()", module(to))
            }
        };
        for (index, node) in nodes.iter().enumerate() {
            let text = &mut texts[module(index)];
            text.push_str("\n\n");
            if node.pinned {
                text.push_str("# awaitify: keep-sync\n");
            }
            text.push_str(&format!("def f{index}():\n"));
            if node.blocks {
                text.push_str("    lib.block(1)\n");
            }
            for &to in &node.calls {
                text.push_str(&format!("    {}\n", call(index, to)));
            }
            text.push_str("    return 1\n");
        }
        // The definition: a blocking call is taken if nobody above it is pinned; what is above a taken one is async.
        let above = |start: usize| {
            let mut seen = vec![false; count];
            let mut pending = vec![start];
            while let Some(at) = pending.pop() {
                if !std::mem::replace(&mut seen[at], true) {
                    pending.extend((0..count).filter(|&from| nodes[from].calls.contains(&at)));
                }
            }
            seen
        };
        let mut expected = vec![false; count];
        for start in (0..count).filter(|&index| nodes[index].blocks) {
            let reached = above(start);
            if (0..count).all(|index| !reached[index] || !nodes[index].pinned) {
                for index in 0..count {
                    expected[index] |= reached[index];
                }
            }
        }
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().canonicalize().unwrap();
        for (number, text) in texts.iter().enumerate() {
            fs::write(folder.join(format!("m{number}.py")), text).unwrap();
        }
        let config = Config {
            root: folder.clone(),
            src: vec![folder.clone()],
            scope: Scope::Project,
            ..Config::default()
        };
        let plan = pipeline::plan(&Request {
            paths: std::slice::from_ref(&folder),
            config: &config,
            codemods: vec![&AWAITS],
            telling: Vec::new(),
            named: Vec::new(),
            seeds: Vec::new(),
            jobs: Some(2),
            progress: None,
            render: Render::All,
            explain: None,
            chains: false,
            rules: Vec::new(),
        })
        .unwrap();
        let mut after = texts.clone();
        for change in &plan.files {
            let number: usize = change.path.file_stem().unwrap().to_str().unwrap()[1..]
                .parse()
                .unwrap();
            after[number] = String::from_utf8(change.after.clone()).unwrap();
        }
        for index in 0..count {
            let text = &after[module(index)];
            let is_async = text.contains(&format!("async def f{index}()"));
            assert_eq!(
                is_async,
                expected[index],
                "seed {seed}, f{index}:\n{}",
                after.join("\n# ---\n")
            );
            let start = text.find(&format!("def f{index}():")).unwrap();
            let body = &text[start..start + text[start..].find("    return 1").unwrap()];
            let mut lines = body.lines().skip(1 + usize::from(nodes[index].blocks));
            for &to in &nodes[index].calls {
                let keyword = if expected[to] { "await " } else { "" };
                assert_eq!(
                    lines.next(),
                    Some(format!("    {keyword}{}", call(index, to)).as_str()),
                    "seed {seed}"
                );
            }
        }
    }
}
