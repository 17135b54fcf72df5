//! `time.sleep(x)` -> `await asyncio.sleep(x)`.
//!
//! Source: `asyncio.sleep`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.sleep>.

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::python::PythonVersion;
use crate::semantic::literal;
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "time_sleep_to_asyncio",
    summary: "time.sleep(x) in async functions -> await asyncio.sleep(x)",
    readme: include_str!("README.md"),
    triggers: &["sleep"],
    role: Role::Follower,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &["\"time.sleep\"", "'time.sleep'"],
    reasons: &[&NEGATIVE, &ARGUMENTS],
    run,
};

/// `time.sleep(-1)` raises, `asyncio.sleep(-1)` returns.
static NEGATIVE: Reason = Reason {
    code: "negative-sleep",
    message: "`time.sleep` of a negative number raises ValueError, `asyncio.sleep` returns at once",
    help: "remove the call or raise the error yourself",
};

/// The arguments are not one plain positional one.
static ARGUMENTS: Reason = Reason {
    code: "sleep-arguments",
    message: "`time.sleep` takes exactly one positional argument, and the call passes something else",
    help: "pass the seconds as one positional argument",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        if !meaning.may_be(|path| path == "time.sleep") || !context.is_async(model.id(call)) {
            continue;
        }
        if meaning.path().is_none() {
            context.skip(call.range(), &AMBIGUOUS_BINDING, None);
            continue;
        }
        let result = unit(context, call);
        context.report(call.range(), result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let [seconds] = &*call.arguments.args else {
        return Err((&ARGUMENTS).into());
    };
    if literal::has_starred(call) || !call.arguments.keywords.is_empty() {
        return Err((&ARGUMENTS).into());
    }
    if literal::is_negative(seconds) {
        return Err((&NEGATIVE).into());
    }
    let mut unit = context.unit(call.range());
    unit.rename(model.id(call.func.as_ref()), "asyncio.sleep");
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    unit.await_(call)?;
    Ok(unit)
}
