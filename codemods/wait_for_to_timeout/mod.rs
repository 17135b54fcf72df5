//! `x = await asyncio.wait_for(f(), t)` -> `async with asyncio.timeout(t):` round `x = await f()`.
//!
//! Source: `asyncio.timeout`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAwait, ExprCall, Number};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{AMBIGUOUS_BINDING, Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::coroutines::{Coroutines, UNKNOWN};
use crate::edit::{Edit, Piece};
use crate::python::PythonVersion;
use crate::semantic::{Meaning, Model, NodeId, literal};
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

/// Not a statement of its own.
static PLACE: Reason = Reason {
    code: "wait-for-place",
    message: "the call is not awaited as a statement, the value of an assignment or a `return`, so a block has no place round it",
    help: "assign the awaited value to a name first",
};

/// Zero or less.
static LIMIT: Reason = Reason {
    code: "wait-for-limit",
    message: "with a limit of zero or less `wait_for` does not start the coroutine, and `timeout` runs it to its first `await`; \
              with None there is no limit at all",
    help: "remove the call, or await the coroutine itself",
};

/// Context variables, before Python 3.12.
static CONTEXT: Reason = Reason {
    code: "wait-for-context",
    message: "before Python 3.12 `wait_for` runs the coroutine in a copy of the context, and the file has context variables: \
              what the coroutine sets would be seen outside",
    help: "raise the target version to 3.12",
};

/// What differs for a limit that is not known.
const UNKNOWN_LIMIT: &str = "if the limit is zero or less, `wait_for` does not start the coroutine, and `timeout` runs it to its \
                             first `await`";

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
    let (coroutine, limit) = match &*call.arguments.args {
        [coroutine, limit] if call.arguments.keywords.is_empty() => (coroutine, limit),
        [coroutine] => match (
            literal::keyword(call, "timeout"),
            call.arguments.keywords.len(),
        ) {
            (Some(keyword), 1) => (coroutine, &keyword.value),
            _ => return Err((&UNKNOWN).into()),
        },
        _ => return Err((&UNKNOWN).into()),
    };
    match coroutine {
        Expr::Call(inner) if known.is_coroutine(inner) => {}
        other => return Err(known.unknown(other)),
    }
    let statement = statement(model, await_).ok_or(Refusal::from(&PLACE))?;
    if literal::is_none(limit) || is_zero(limit) || literal::is_negative(limit) {
        return Err(Refusal::at(&LIMIT, limit.range()));
    }
    // It is evaluated before the arguments of the coroutine.
    if !literal::is_plain(limit)
        || model.has_comment(call.range())
        || model.slice(limit.range()).contains('\n')
    {
        return Err(Refusal::at(&PLACE, limit.range()));
    }
    let mut unit = context.unit(await_.range());
    let header = format!("asyncio.timeout({})", model.slice(limit.range()));
    let block = model
        .wrap_statements(statement, statement, &colour::async_with_header(&header))
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
        if let Some(range) = context_variables(model) {
            return Err(Refusal::at(&CONTEXT, range));
        }
    } else {
        unit.is_safe();
    }
    if !limit.is_number_literal_expr() {
        unit.unsafe_because(limit.range(), UNKNOWN_LIMIT);
    }
    Ok(unit)
}

/// The statement whose whole value is awaited.
fn statement(model: &Model<'_>, await_: &ExprAwait) -> Option<NodeId> {
    let node = model.id(await_);
    let parent = model.nodes.parent(node);
    let is_value = match model.nodes.get(parent) {
        AnyNodeRef::StmtExpr(_) | AnyNodeRef::StmtReturn(_) => true,
        AnyNodeRef::StmtAssign(assign) => model.id(assign.value.as_ref()) == node,
        AnyNodeRef::StmtAnnAssign(assign) => assign
            .value
            .as_deref()
            .is_some_and(|value| model.id(value) == node),
        _ => false,
    };
    is_value.then_some(parent)
}

fn is_zero(limit: &Expr) -> bool {
    match limit {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(value) => value.as_i64() == Some(0),
            Number::Float(value) => *value == 0.0,
            Number::Complex { .. } => true,
        },
        _ => false,
    }
}

/// Where the file names `contextvars`.
fn context_variables(model: &Model<'_>) -> Option<TextRange> {
    model.nodes.all().find_map(|node| {
        let is_import = |name: &str| name == "contextvars" || name.starts_with("contextvars.");
        match model.nodes.get(node) {
            AnyNodeRef::StmtImport(import) => import
                .names
                .iter()
                .any(|alias| is_import(alias.name.as_str()))
                .then(|| import.range()),
            AnyNodeRef::StmtImportFrom(import) => import
                .module
                .as_ref()
                .is_some_and(|module| is_import(module.as_str()))
                .then(|| import.range()),
            _ => None,
        }
    })
}
