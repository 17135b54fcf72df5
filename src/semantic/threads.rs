//! Code that is handed to a thread or a process: blocking is no harm there.

use ruff_python_ast::{AnyNodeRef, Expr};

use super::{Model, NodeId};

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
/// `asyncio.to_thread(time.sleep, 1)`, `pool.submit(lambda: time.sleep(1))`.
pub fn runs_in_thread(model: &Model<'_>, node: NodeId) -> bool {
    let is_handed_over = |value: NodeId| {
        let mut at = model.nodes.parent(value);
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
