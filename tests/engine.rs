//! The engine with codemods of the test's own: every reason that the engine itself has for leaving a candidate, and the
//! rules that no real codemod may break. The snapshots are in `snapshots/engine/`.

// I/O stays at the edges of the program; tests write the files that they migrate.
#![allow(clippy::disallowed_methods)]

mod support;

use std::fs;

use awaitify::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Role, USED_AS_VALUE};
use awaitify::config::Config;
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
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().canonicalize().unwrap();
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let config = Config {
        root: folder.clone(),
        src: vec![folder.clone()],
        target_version: target,
        ..Config::default()
    };
    let plan = pipeline::plan(&Request {
        paths: std::slice::from_ref(&folder),
        config: &config,
        codemods: codemods.to_vec(),
        named: Vec::new(),
        jobs: Some(2),
        progress: None,
        render: Render::All,
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
    any(lib.block(x) for x in xs)
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
                named: Vec::new(),
                jobs: Some(jobs),
                progress: None,
                render: Render::All,
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
