//! `asyncio.TimeoutError` -> `TimeoutError`.
//!
//! Since Python 3.11 they are the same class: <https://docs.python.org/3/library/asyncio-exceptions.html>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprTuple};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{Codemod, Context, Role};
use crate::edit::{Edit, Piece};
use crate::importer;
use crate::python::PythonVersion;
use crate::semantic::{Model, NodeId};

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
    reasons: &[],
    declared: None,
    run,
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
    if let [_, _] = &*tuple.elts {
        return is_handled(model, tuple).then(|| {
            let other = tuple.elts[1 - index].range();
            Edit::pieces(tuple.range(), vec![Piece::Source(other)])
        });
    }
    // With the comma before it, or the one behind it.
    let range = match index {
        0 => TextRange::new(tuple.elts[0].start(), tuple.elts[1].start()),
        _ => TextRange::new(tuple.elts[index - 1].end(), tuple.elts[index].end()),
    };
    Some(Edit::delete(range))
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
