//! `input(...)` -> `await asyncio.to_thread(input, ...)`, and lines of `sys.stdin`. Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use crate::blocking::{self, Blocking, always};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "input_to_thread",
    summary: "input(...) and sys.stdin in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &["input(", "getpass", "stdin"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY39,
    declares: None,
    doubles: &[],
    reasons: &[],
    declared: None,
    run,
};

static TABLE: &[Blocking] = &[
    Blocking {
        of: "builtins",
        names: &["input"],
        judge: always,
    },
    Blocking {
        of: "getpass",
        names: &["getpass"],
        judge: always,
    },
    Blocking {
        of: "sys.stdin",
        names: &["read", "readline", "readlines"],
        judge: always,
    },
    Blocking {
        of: "sys.stdin.buffer",
        names: &["read", "readline", "readlines"],
        judge: always,
    },
];

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, TABLE);
    blocking::report_lines(context, &|path| {
        matches!(path, "sys.stdin" | "sys.stdin.buffer")
    });
}
