//! An `async def` that never awaits.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{Inspection, Rule};
use crate::index::has_yield;
use crate::semantic::NodeId;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "async-without-await",
    summary: "an `async def` that never awaits",
    readme: include_str!("README.md"),
    message: "this `async def` never awaits, so nothing else runs until it ends",
    help: "make it a plain `def` and drop `await` at its callers, or await what it should wait for",
    codemod: None,
    gives_way: true,
    run,
};

fn run(inspection: &mut Inspection<'_, '_>) {
    let model = inspection.model;
    for node in model.nodes.all() {
        let AnyNodeRef::StmtFunctionDef(function) = model.nodes.get(node) else {
            continue;
        };
        if function.is_async
            && is_free(inspection, node, function)
            && !has_yield(&function.body)
            && !is_trivial(&function.body)
            && !waits(inspection, function)
            && is_only_awaited(inspection, function)
        {
            inspection.report(TextRange::new(function.start(), function.name.end()), None);
        }
    }
}

/// Whether nobody but its callers says that it must be an `async def`: no decorator, no base class, no protocol of
/// Python, no test runner.
fn is_free(inspection: &Inspection<'_, '_>, node: NodeId, function: &ast::StmtFunctionDef) -> bool {
    let name = function.name.as_str();
    if !function.decorator_list.is_empty() || name.starts_with("__") || name.starts_with("test") {
        return false;
    }
    match inspection.model.nodes.parent_node(node) {
        AnyNodeRef::StmtClassDef(class) => {
            class.bases().is_empty()
                && class.keywords().is_empty()
                && class.decorator_list.is_empty()
        }
        _ => true,
    }
}

/// Whether a body does nothing: a stub, a hook or an abstract method.
fn is_trivial(body: &[Stmt]) -> bool {
    body.iter().all(|statement| match statement {
        Stmt::Pass(_) | Stmt::Raise(_) => true,
        Stmt::Expr(expr) => expr.value.is_literal_expr(),
        Stmt::Return(returned) => returned
            .value
            .as_deref()
            .is_none_or(|value| value.is_literal_expr() || matches!(value, Expr::Name(_))),
        _ => false,
    })
}

fn waits(inspection: &Inspection<'_, '_>, function: &ast::StmtFunctionDef) -> bool {
    let model = inspection.model;
    model.nodes.subtree(model.id(function)).any(|node| {
        let waits = match model.nodes.get(node) {
            AnyNodeRef::ExprAwait(_) => true,
            AnyNodeRef::StmtWith(with) => with.is_async,
            AnyNodeRef::StmtFor(loop_) => loop_.is_async,
            AnyNodeRef::Comprehension(clause) => clause.is_async,
            _ => false,
        };
        waits && inspection.is_own_code(node, function)
    })
}

/// Whether every use of the function in this file awaits a call of it: nothing here needs it to be a coroutine function.
fn is_only_awaited(inspection: &Inspection<'_, '_>, function: &ast::StmtFunctionDef) -> bool {
    let model = inspection.model;
    let name = function.name.as_str();
    let is_awaited_call = |node: NodeId| {
        let call = model.nodes.parent(node);
        matches!(model.nodes.get(call), AnyNodeRef::ExprCall(it) if model.id(it.func.as_ref()) == node)
            && matches!(model.nodes.parent_node(call), AnyNodeRef::ExprAwait(_))
    };
    model.nodes.all().all(|node| match model.nodes.get(node) {
        AnyNodeRef::ExprName(used) if used.id.as_str() == name => is_awaited_call(node),
        AnyNodeRef::ExprAttribute(used) if used.attr.as_str() == name => is_awaited_call(node),
        _ => true,
    })
}
