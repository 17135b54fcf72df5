//! Code that is handed to a thread or a process: blocking is no harm there.

use ruff_python_ast::{AnyNodeRef, Expr};

use super::{Model, NodeId, ScopeKind};

/// Functions, methods and classes that run a callable elsewhere, by the last part of their name: `asyncio.to_thread`,
/// `loop.run_in_executor`, `pool.submit`, `threading.Thread(target=...)`, `anyio.to_thread.run_sync` ...
const RUNNERS: &[&str] = &[
    "to_thread",
    "run_in_executor",
    "run_in_threadpool",
    "run_sync",
    "submit",
    "sync_to_async",
    "Thread",
    "Timer",
    "Process",
    "async_add_executor_job",
];

/// Whether an expression is handed to a thread or a process as a callable, or stands in a lambda that is:
/// `asyncio.to_thread(time.sleep, 1)`, `pool.submit(lambda: time.sleep(1))`, `to_thread(partial(run, ...))`.
pub fn runs_in_thread(model: &Model<'_>, node: NodeId) -> bool {
    let is_handed_over = |value: NodeId| {
        let mut at = model.nodes.parent(bound(model, value));
        if matches!(model.nodes.get(at), AnyNodeRef::Keyword(_)) {
            at = model.nodes.parent(at);
        }
        if !matches!(model.nodes.get(at), AnyNodeRef::Arguments(_)) {
            return false;
        }
        let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(at) else {
            return false;
        };
        let name = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return false,
        };
        RUNNERS.contains(&name)
    };
    if is_handed_over(node) {
        return true;
    }
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.get(at).is_statement())
        .any(|at| matches!(model.nodes.get(at), AnyNodeRef::ExprLambda(_)) && is_handed_over(at))
}

/// Whether the innermost function that is no lambda is async: the lambda is code of it, written where it runs.
pub fn is_in_lambda_of_async(model: &Model<'_>, node: NodeId) -> bool {
    let mut in_lambda = false;
    for scope in model.scopes.enclosing(model.scope_at(node)) {
        match model.scopes.scope(scope).kind {
            ScopeKind::Lambda => in_lambda = true,
            ScopeKind::Function { is_async } => return in_lambda && is_async,
            ScopeKind::Class | ScopeKind::Module => return false,
            _ => {}
        }
    }
    false
}

/// `functools.partial(f, ...)` round a function, or the function itself.
fn bound(model: &Model<'_>, function: NodeId) -> NodeId {
    let arguments = model.nodes.parent(function);
    match model.nodes.parent_node(arguments) {
        AnyNodeRef::ExprCall(call)
            if model.id(&call.arguments) == arguments
                && model.meaning(&call.func).path() == Some("functools.partial") =>
        {
            model.id(call)
        }
        _ => function,
    }
}
