//! The `loop=` argument of asyncio's functions and classes goes: Python 3.10 removed it.
//!
//! Source: <https://docs.python.org/3/whatsnew/3.10.html#changes-in-the-python-api>.

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::loops;
use crate::python::PythonVersion;
use crate::semantic::{Meaning, literal};
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "drop_loop_argument",
    summary: "asyncio.sleep(1, loop=loop) -> asyncio.sleep(1)",
    readme: include_str!("README.md"),
    triggers: &["loop="],
    role: Role::Idiom,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&COMMENT],
    declared: None,
    run,
};

/// A comment belongs to the argument.
static COMMENT: Reason = Reason {
    code: "loop-comment",
    message: "a comment belongs to the argument and would be lost with it",
    help: "remove the argument by hand",
};

/// What differs where the value is not known to be the running loop.
const OTHER_LOOP: &str = "the argument may be another loop than the one that runs the code; Python 3.10 takes none at all";

/// What takes no loop any more, below `asyncio`. Futures, tasks, `ensure_future`, `wrap_future`, `all_tasks`,
/// `run_coroutine_threadsafe` and the streams' protocols still do.
const NAMES: &[&str] = &[
    "BoundedSemaphore",
    "Condition",
    "Event",
    "LifoQueue",
    "Lock",
    "PriorityQueue",
    "Queue",
    "Semaphore",
    "as_completed",
    "create_subprocess_exec",
    "create_subprocess_shell",
    "gather",
    "open_connection",
    "open_unix_connection",
    "shield",
    "sleep",
    "start_server",
    "start_unix_server",
    "wait",
    "wait_for",
];

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    for call in model.calls() {
        let Some(keyword) = literal::keyword(call, "loop") else {
            continue;
        };
        let is_one = |path: &str| {
            path.strip_prefix("asyncio.")
                .is_some_and(|name| NAMES.contains(&name))
        };
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(is_one) {
            continue;
        }
        let result = if matches!(meaning, Meaning::Path(_)) {
            unit(context, call, keyword)
        } else {
            Err((&AMBIGUOUS_BINDING).into())
        };
        context.report(keyword.range(), result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &ExprCall,
    keyword: &'a ruff_python_ast::Keyword,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(keyword.range());
    let edit = model
        .drop_argument(call, keyword.range())
        .ok_or_else(|| Refusal::at(&COMMENT, keyword.range()))?;
    unit.edit(edit);
    if let ruff_python_ast::Expr::Call(getter) = &keyword.value {
        unit.release(model.id(getter.func.as_ref()));
    }
    let runs_here = model.is_async(model.runner(model.id(call)))
        && loops::is_running_loop(model, &keyword.value);
    if !runs_here && !literal::is_none(&keyword.value) {
        unit.unsafe_because(keyword.range(), OTHER_LOOP);
    }
    Ok(unit)
}
