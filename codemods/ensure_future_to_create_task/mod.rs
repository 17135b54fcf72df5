//! `asyncio.ensure_future(f())` and `loop.create_task(f())` in a coroutine -> `asyncio.create_task(f())`.
//!
//! Source: <https://docs.python.org/3/library/asyncio-future.html#asyncio.ensure_future>, which prefers `create_task`.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::coroutines::{Coroutines, UNKNOWN};
use crate::edit::Edit;
use crate::loops::{self, Method};
use crate::python::PythonVersion;
use crate::semantic::{Meaning, NodeId, literal};
use crate::unit::ImportRequest;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "ensure_future_to_create_task",
    summary: "asyncio.ensure_future(f()), loop.create_task(f()) in async functions -> asyncio.create_task(f())",
    readme: include_str!("README.md"),
    triggers: &["ensure_future", "create_task"],
    role: Role::Idiom,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &["\"asyncio.ensure_future\"", "'asyncio.ensure_future'"],
    reasons: &[&UNKNOWN],
    declared: None,
    run,
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let known = Coroutines::new(context);
    let mut reports: Vec<(TextRange, Result<UnitBuilder<'_, '_>, Refusal>)> = Vec::new();
    let mut together: Vec<NodeId> = Vec::new();
    for call in model.calls() {
        let node = model.id(call);
        if together.contains(&node) || !context.is_coroutine(node) {
            continue;
        }
        let meaning = model.meaning(&call.func);
        if meaning.may_be(|path| path == "asyncio.ensure_future") {
            let result = if matches!(meaning, Meaning::Path(_)) {
                ensured(context, &known, call)
            } else {
                Err((&AMBIGUOUS_BINDING).into())
            };
            reports.push((call.range(), result));
            continue;
        }
        if !loops::is_task(model, &known, call) {
            continue;
        }
        let Some(assign) = loops::named_loop(model, call) else {
            reports.push((call.range(), unit(context, &[call])));
            continue;
        };
        // A name for the loop that is used otherwise stays, and so do its methods.
        if let Some(calls) = loops::needless(model, &known, assign, Method::Task) {
            together.extend(calls.iter().map(|call| model.id(*call)));
            let result = unit(context, &calls).map(|mut unit| {
                assign.drop_from(&mut unit, model);
                unit
            });
            reports.push((call.range(), result));
        }
    }
    drop(known);
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

fn ensured<'a, 'c>(
    context: &Context<'a, 'c>,
    known: &Coroutines<'a, '_>,
    call: &'a ExprCall,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    if !loops::takes_coroutine(known, call) {
        return Err(match call.arguments.args.first() {
            Some(first) => known.unknown(first),
            None => (&UNKNOWN).into(),
        });
    }
    let mut unit = unit(context, &[call])?;
    if let Some(keyword) = literal::keyword(call, "loop") {
        let is_running =
            literal::is_none(&keyword.value) || loops::is_running_loop(model, &keyword.value);
        let dropped = model.drop_argument(call, keyword.range());
        match dropped {
            Some(edit) if is_running => unit.edit(edit),
            _ => {
                return Err(Refusal::with_detail(
                    &UNKNOWN,
                    keyword.range(),
                    "the task may belong to another loop",
                ));
            }
        }
    }
    Ok(unit)
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    calls: &[&'a ExprCall],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let mut unit = context.unit(calls[0].range());
    for call in calls {
        let node = model.id(*call);
        unit.needs_loop(node);
        match call.func.as_ref() {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "create_task" => {
                unit.edit(Edit::replace(call.func.range(), "asyncio.create_task"));
                match attribute.value.as_ref() {
                    Expr::Call(getter) => unit.release(model.id(getter.func.as_ref())),
                    _ => unit.release(model.id(call.func.as_ref())),
                }
                unit.import(ImportRequest::Module("asyncio"), node)?;
            }
            func => loops::rename(&mut unit, model, func, "create_task")?,
        }
    }
    Ok(unit)
}
