//! `asyncio.TimeoutError` -> `TimeoutError`.
//!
//! Since Python 3.11 they are the same class: <https://docs.python.org/3/library/asyncio-exceptions.html>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprTuple, StmtTry};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{Codemod, Context, Role};
use crate::edit::{Edit, Piece};
use crate::importer;
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId};
use crate::timeouts;
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "timeout_error_to_builtin",
    summary: "asyncio.TimeoutError -> TimeoutError",
    readme: include_str!("README.md"),
    triggers: &["asyncio.TimeoutError"],
    role: Role::Idiom,
    outside_async: true,
    min_python: PythonVersion::PY311,
    declares: None,
    doubles: &[],
    reasons: &[&OVER],
    declared: None,
    run,
};

/// The handler belongs to a time limit that is none.
static OVER: Reason = Reason {
    code: "limit-over-at-once",
    message: "this handles a `wait_for` with a limit of zero or less, which raises before the coroutine begins; that call stays as \
              it is, and its handler with it",
    help: "await the coroutine itself, or raise the error yourself",
};

const NAME: &str = "TimeoutError";

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    for node in model.nodes.all() {
        let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node) else {
            continue;
        };
        if attribute.attr.as_str() != NAME || !attribute.ctx.is_load() || !is_alias(model, node) {
            continue;
        }
        if !model.is_builtin(NAME, node) {
            let detail = Some(format!("`{NAME}`"));
            context.skip(attribute.range(), &importer::NAME_TAKEN, detail);
            continue;
        }
        if handles_limit_that_is_over(model, node) {
            context.skip(attribute.range(), &OVER, None);
            continue;
        }
        let mut unit = context.unit(attribute.range());
        unit.release(node);
        match twin(model, node) {
            // `except (asyncio.TimeoutError, TimeoutError):` names one class twice.
            Some(edit) => unit.edit(edit),
            None => unit.edit(Edit::replace(attribute.range(), NAME)),
        }
        context.add(unit);
    }
}

fn is_alias(model: &Model<'_>, node: NodeId) -> bool {
    model.expr(node).is_some_and(|expr| {
        matches!(
            model.meaning_of(expr).path(),
            Some("asyncio.TimeoutError" | "asyncio.exceptions.TimeoutError")
        )
    })
}

/// Whether this stands in the header of a handler whose `try` waits with a limit that is over at once.
fn handles_limit_that_is_over(model: &Model<'_>, node: NodeId) -> bool {
    handled_by(model, node).is_some_and(|try_| {
        try_.body.iter().any(|statement| {
            let mut within = model.nodes.subtree(model.id(statement));
            within.any(|node| match model.nodes.get(node) {
                AnyNodeRef::ExprCall(call) => {
                    model.meaning(&call.func).path() == Some("asyncio.wait_for")
                        && timeouts::timed_wait(call).is_some_and(|wait| wait.is_over_at_once())
                }
                _ => false,
            })
        })
    })
}

/// The `try` statement in the header of one of whose handlers this stands.
fn handled_by<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a StmtTry> {
    let mut within = node;
    loop {
        within = model.nodes.parent(within);
        match model.nodes.get(within) {
            AnyNodeRef::ExprTuple(_) => {}
            AnyNodeRef::ExceptHandlerExceptHandler(_) => break,
            _ => return None,
        }
    }
    match model.nodes.parent_node(within) {
        AnyNodeRef::StmtTry(try_) => Some(try_),
        _ => None,
    }
}

/// The edit that drops the alias from a tuple which names the builtin as well.
fn twin(model: &Model<'_>, node: NodeId) -> Option<Edit> {
    let AnyNodeRef::ExprTuple(tuple) = model.nodes.parent_node(node) else {
        return None;
    };
    let is_builtin = |expr: &Expr| {
        expr.as_name_expr()
            .is_some_and(|name| name.id.as_str() == NAME)
            && model.is_builtin(NAME, model.id(expr))
    };
    let index = tuple
        .elts
        .iter()
        .position(|element| model.id(element) == node)?;
    if !tuple.elts.iter().any(is_builtin) || model.has_comment(tuple.range()) {
        return None;
    }
    let (is_handled, is_named) = (is_handled(model, tuple), is_named(model, tuple));
    // Who else gets it may count on its length.
    if !is_handled && !is_named {
        return None;
    }
    if let [_, _] = &*tuple.elts {
        let other = Piece::Source(tuple.elts[1 - index].range());
        let pieces = match is_handled {
            true => vec![other],
            false => vec![Piece::text("("), other, Piece::text(",)")],
        };
        return Some(Edit::pieces(tuple.range(), pieces));
    }
    // With the comma before it, or the one behind it.
    let range = match index {
        0 => TextRange::new(tuple.elts[0].start(), tuple.elts[1].start()),
        _ => TextRange::new(tuple.elts[index - 1].end(), tuple.elts[index].end()),
    };
    Some(Edit::delete(range))
}

/// Whether a tuple is the value of one name, as those are that several handlers share.
fn is_named(model: &Model<'_>, tuple: &ExprTuple) -> bool {
    match model.nodes.parent_node(model.id(tuple)) {
        AnyNodeRef::StmtAssign(assign) => matches!(&*assign.targets, [Expr::Name(_)]),
        AnyNodeRef::StmtAnnAssign(assign) => assign.target.is_name_expr(),
        _ => false,
    }
}

/// Whether a tuple is what `except`, `isinstance` or `issubclass` compares with: one class does as well there.
fn is_handled(model: &Model<'_>, tuple: &ExprTuple) -> bool {
    match model.nodes.parent_node(model.id(tuple)) {
        AnyNodeRef::ExceptHandlerExceptHandler(_) => true,
        AnyNodeRef::Arguments(arguments) => {
            matches!(model.nodes.parent_node(model.id(arguments)), AnyNodeRef::ExprCall(call)
                if matches!(model.meaning(&call.func).below("builtins"), Some("isinstance" | "issubclass")))
        }
        _ => false,
    }
}
