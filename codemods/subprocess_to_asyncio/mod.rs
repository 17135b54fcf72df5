//! `subprocess.run(...)` and its kin -> `await asyncio.to_thread(subprocess.run, ...)`.
//!
//! A thread, and not `asyncio.create_subprocess_exec`: that takes bytes only, has no `check`, `timeout` or `shell`, and
//! leaves the process running when a time limit ends the wait. Source: `asyncio.to_thread`,
//! <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::ExprCall;

use crate::blocking::{self, Blocking, Verdict, always};
use crate::codemod::{Codemod, Context, Role};
use crate::python::PythonVersion;
use crate::semantic::{Model, literal};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "subprocess_to_asyncio",
    summary: "subprocess.run(...), os.system(...) in async functions -> await asyncio.to_thread(...)",
    readme: include_str!("README.md"),
    triggers: &["subprocess", "system(", "popen", "waitpid"],
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
        of: "subprocess",
        names: &["call", "check_call", "check_output", "run"],
        judge: process,
    },
    Blocking {
        of: "subprocess",
        names: &["getoutput", "getstatusoutput"],
        judge: always,
    },
    Blocking {
        of: "subprocess.Popen",
        names: &["communicate", "wait"],
        judge: always,
    },
    Blocking {
        of: "subprocess.Popen.file",
        names: &["read", "readline", "readlines"],
        judge: always,
    },
    Blocking {
        of: "os",
        names: &["system", "wait"],
        judge: always,
    },
    Blocking {
        of: "os",
        names: &["waitpid"],
        judge: waitpid,
    },
    Blocking {
        of: "os._wrap_close",
        names: &["close", "read", "readline", "readlines"],
        judge: always,
    },
];

fn process(_: &Model<'_>, call: &ExprCall) -> Verdict {
    match literal::keyword(call, "preexec_fn") {
        Some(function) if !literal::is_none(&function.value) => Verdict::Unsafe(
            "`preexec_fn` runs in a child that was forked beside other threads, where it may deadlock",
        ),
        _ => Verdict::Thread,
    }
}

/// With any option, as `os.WNOHANG`, it may return at once.
fn waitpid(_: &Model<'_>, call: &ExprCall) -> Verdict {
    match &*call.arguments.args {
        [_, options] if literal::integer(options) == Some(0) => Verdict::Thread,
        _ => Verdict::Harmless,
    }
}

fn run(context: &mut Context<'_, '_>) {
    blocking::report(context, TABLE);
    blocking::report_lines(context, &|class| {
        matches!(class, "subprocess.Popen.file" | "os._wrap_close")
    });
}
