//! `x = await asyncio.wait_for(f(), t)` -> `async with asyncio.timeout(t):` round `x = await f()`.
//!
//! Source: `asyncio.timeout`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAwait, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::coroutines::{Coroutines, UNKNOWN};
use crate::edit::{Edit, Piece};
use crate::python::PythonVersion;
use crate::semantic::{Meaning, Model, contexts};
use crate::timeouts::{self, LIMIT, PLACE};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "wait_for_to_timeout",
    summary: "await asyncio.wait_for(f(), t) -> async with asyncio.timeout(t)",
    readme: include_str!("README.md"),
    triggers: &["wait_for"],
    role: Role::Idiom,
    outside_async: false,
    min_python: PythonVersion::PY311,
    declares: Some(
        "before Python 3.12 `wait_for` runs the coroutine in a task of its own: what it sets in context variables is not seen \
         outside, and `asyncio.current_task` is another one",
    ),
    doubles: &["\"asyncio.wait_for\"", "'asyncio.wait_for'"],
    reasons: &[&PLACE, &LIMIT, &CONTEXT, &UNKNOWN],
    declared: None,
    run,
};

/// Context variables, before Python 3.12.
static CONTEXT: Reason = Reason {
    code: "wait-for-context",
    message: "before Python 3.12 `wait_for` runs the coroutine in a copy of the context, and the file has context variables: \
              what the coroutine sets would be seen outside",
    help: "raise the target version to 3.12",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let known = Coroutines::new(context);
    let mut reports: Vec<(TextRange, Result<UnitBuilder<'_, '_>, Refusal>)> = Vec::new();
    for call in model.calls() {
        let meaning = model.meaning(&call.func);
        let node = model.id(call);
        if !meaning.may_be(|path| path == "asyncio.wait_for") || !context.is_async(node) {
            continue;
        }
        // A TaskGroup takes its place, and the time limit goes round that.
        let is_grouped = context.settings.groups_tasks
            && matches!(call.arguments.args.first(), Some(Expr::Call(inner)) if is_gather(model, inner));
        if is_grouped {
            continue;
        }
        let result = match (model.nodes.parent_node(node), meaning) {
            (_, Meaning::Ambiguous(_) | Meaning::Unknown) => Err((&AMBIGUOUS_BINDING).into()),
            (AnyNodeRef::ExprAwait(await_), _) => unit(context, &known, await_, call),
            _ => Err((&PLACE).into()),
        };
        reports.push((call.range(), result));
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    known: &Coroutines<'a, '_>,
    await_: &'a ExprAwait,
    call: &'a ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let wait = timeouts::timed_wait(call).ok_or(Refusal::from(&UNKNOWN))?;
    let coroutine = wait.awaited;
    match coroutine {
        Expr::Call(inner) if known.is_coroutine(inner) => {}
        // Its tasks run by themselves, whoever waits for them.
        Expr::Call(inner) if is_gather(model, inner) => {}
        other => return Err(known.unknown(other)),
    }
    // What is wrong with the limit says more than where the call stands.
    wait.has_limit()?;
    let statement = timeouts::statement_of(model, await_).ok_or(Refusal::from(&PLACE))?;
    let header = wait.header(model)?;
    if model.has_comment(call.range()) {
        return Err(Refusal::at(&PLACE, wait.limit.range()));
    }
    let mut unit = context.unit(await_.range());
    let block = model
        .wrap_statements(statement, statement, &header)
        .ok_or(Refusal::from(&PLACE))?;
    unit.edits(block);
    unit.edit(Edit::pieces(
        call.range(),
        vec![Piece::Source(coroutine.range())],
    ));
    let inside = model.line_indent(coroutine.start()).len();
    let outside = model.line_indent(call.start()).len();
    unit.edits(model.dedent(coroutine.range(), inside.saturating_sub(outside)));
    unit.needs_loop(model.id(call));
    unit.release(model.id(call.func.as_ref()));
    unit.import(ImportRequest::Module("asyncio"), model.id(call))?;
    if context.settings.target < PythonVersion::PY312 {
        if let Some(range) = contexts::variables(model) {
            return Err(Refusal::at(&CONTEXT, range));
        }
    } else {
        unit.is_safe();
    }
    wait.doubts(&mut unit);
    Ok(unit)
}

fn is_gather(model: &Model<'_>, call: &ExprCall) -> bool {
    model.meaning(&call.func).path() == Some("asyncio.gather")
}
