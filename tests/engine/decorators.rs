//! Decorators: what they decorate has their wrapper's colour, or stays sync with a reason.

use awaitify::config::Scope;
use awaitify::python::PythonVersion;

use crate::{AWAITS, run_in};

#[test]
fn the_wrapper_of_a_decorator_has_the_colour_of_what_it_decorates() {
    let tools = "\
import functools


def traced(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return fn(*args)

    return wrapper
";
    let work = "\
import lib

from tools import traced


@traced
def ask():
    return lib.block(1)


@traced
def tell():
    return 2


def both():
    return ask() + tell()
";
    run_in(
        Scope::Project,
        "decorators",
        &[&AWAITS],
        &[("tools.py", tools), ("work.py", work)],
        PythonVersion::PY311,
    );
}

#[test]
fn a_decorator_that_cannot_be_followed_keeps_all_sync() {
    let traced = "def traced(fn):\n    def wrapper(*args):\n        return fn(*args)\n\n    return wrapper\n\n\n";
    let decorated = "@traced\ndef ask():\n    return lib.block(1)\n";
    let cases = [
        (
            "called",
            format!("{traced}{decorated}\n\nsize = traced(len)\n"),
        ),
        (
            "class_",
            format!("{traced}{decorated}\n\n@traced\nclass C:\n    pass\n"),
        ),
        (
            "async_",
            format!("{traced}{decorated}\n\n@traced\nasync def other():\n    pass\n"),
        ),
        (
            "kept",
            format!(
                "{}{decorated}",
                traced.replace("(fn):", "(fn):  # awaitify: keep-sync")
            ),
        ),
        (
            "alone",
            traced.replace("        return", "        lib.block(1)\n        return"),
        ),
        (
            "stored",
            format!(
                "{}{decorated}",
                traced.replace(
                    "    return wrapper",
                    "    SEEN.append(fn)\n    return wrapper"
                )
            ),
        ),
        (
            "partly",
            format!(
                "{traced}{decorated}\n\nclass C:\n    @traced\n    def __len__(self):\n        return 1\n"
            ),
        ),
    ];
    let texts: Vec<(String, String)> = cases
        .iter()
        .map(|(name, text)| (format!("{name}.py"), format!("import lib\n\n\n{text}")))
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let plan = run_in(
        Scope::Project,
        "unchanged_decorators",
        &[&AWAITS],
        &files,
        PythonVersion::PY311,
    );
    assert!(plan.files.is_empty());
}
