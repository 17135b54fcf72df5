//! A client, pool or engine that is made again for every item: no connection is ever used twice.

use ruff_python_ast::{AnyNodeRef, BoolOp, Expr, ExprCall};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::{Inspection, Rule};
use crate::clients;
use crate::semantic::{NodeId, Runner};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "client-per-call",
    summary: "a client, pool or engine that is made anew for every item",
    readme: include_str!("README.md"),
    message: "a new one is made for every item: no connection is used twice",
    help: "make it once, outside of the loop, and hand it on",
    codemod: Some("client_per_call_to_shared"),
    gives_way: false,
    run,
};

fn run(inspection: &mut Inspection<'_, '_>) {
    let repeated = repeated_functions(inspection);
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        let Some(path) = inspection.path(&call.func) else {
            continue;
        };
        if !clients::POOLS.contains(&path.as_str()) {
            continue;
        }
        let node = inspection.model.id(call);
        if is_first_only(inspection, node) || is_tried_again(inspection, call) {
            continue;
        }
        let detail = if inspection.repeats(node).is_some() {
            format!("`{path}` in a loop")
        } else if let Runner::Function(index) = inspection.model.runner(node)
            && let function = &inspection.model.scopes.functions()[index as usize]
            && repeated.contains(&function.node)
        {
            let function = &function.qualified_name;
            format!("`{path}` in `{function}`, which a loop calls")
        } else {
            continue;
        };
        // The others hold transactions.
        match clients::SHARED.contains(&path.as_str()) {
            true => inspection.report(call.range(), Some(detail)),
            false => inspection.report_alone(call.range(), Some(detail)),
        }
    }
}

/// Whether a client is made only where there is none: `if session is None: session = ClientSession()`, or `session or
/// ClientSession()`.
fn is_first_only(inspection: &Inspection<'_, '_>, client: NodeId) -> bool {
    let model = inspection.model;
    let parent = model.nodes.parent(client);
    let target = match model.nodes.get(parent) {
        AnyNodeRef::ExprBoolOp(operation) => {
            return operation.op == BoolOp::Or
                && operation.values.last().map(|last| model.id(last)) == Some(client);
        }
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [target] => model.slice(target.range()),
            _ => return false,
        },
        _ => return false,
    };
    let AnyNodeRef::StmtIf(stmt) = model.nodes.parent_node(parent) else {
        return false;
    };
    model
        .nodes
        .subtree(model.id(stmt.test.as_ref()))
        .filter_map(|at| model.expr(at))
        .any(|part| model.slice(part.range()) == target)
}

/// Whether a loop only tries again until there is a connection: a handler catches what goes wrong, and the loop is left, or
/// each turn is an attempt of a library's.
fn is_tried_again(inspection: &Inspection<'_, '_>, call: &ExprCall) -> bool {
    let model = inspection.model;
    let node = model.id(call);
    let connects = matches!(call.func.as_ref(), Expr::Attribute(method)
        if method.attr.starts_with("connect"));
    let Some(loop_) = inspection.repeats(node).filter(|_| connects) else {
        return false;
    };
    let within = |at: &NodeId| *at != loop_;
    let is_attempt = model.nodes.ancestors(node).take_while(within).any(|at| {
        matches!(model.nodes.get(at), AnyNodeRef::StmtWith(with)
            if with.items.iter().any(|item| item.context_expr.is_name_expr()))
    });
    let is_caught = model.nodes.ancestors(node).take_while(within).any(
        |at| matches!(model.nodes.get(at), AnyNodeRef::StmtTry(stmt) if !stmt.handlers.is_empty()),
    );
    let is_left = model.nodes.subtree(loop_).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtReturn(_)
        )
    });
    is_attempt || is_caught && is_left
}

/// The functions of the file that a loop or comprehension calls.
fn repeated_functions(inspection: &Inspection<'_, '_>) -> FxHashSet<NodeId> {
    let model = inspection.model;
    let mut repeated = FxHashSet::default();
    for call in model.calls() {
        if inspection.repeats(model.id(call)).is_none() {
            continue;
        }
        for function in inspection.functions(&call.func) {
            if matches!(
                model.nodes.get(model.id(function)),
                AnyNodeRef::StmtFunctionDef(_)
            ) {
                repeated.insert(model.id(function));
            }
        }
    }
    repeated
}
