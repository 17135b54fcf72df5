//! Work that keeps the processor, and the event loop with it, for long.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::codemods::cpu_bound_to_thread;
use crate::semantic::{NodeId, literal};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "cpu-bound",
    summary: "work in async code that keeps the processor for long",
    readme: include_str!("README.md"),
    message: "this keeps the processor, and no other task runs meanwhile",
    help: "move it into a function and run that with `await asyncio.to_thread(...)`, or in a process pool if it is pure Python",
    codemod: Some("cpu_bound_to_thread"),
    gives_way: false,
    run,
};

/// So many turns of a loop take long enough to be felt, whatever they do: a thirtieth of a second and more.
const MANY: i64 = 1_000_000;

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    let model = inspection.model;
    for call in calls {
        let node = model.id(call);
        if !inspection.in_async(node) {
            continue;
        }
        let Some(path) = inspection.path(&call.func) else {
            continue;
        };
        if cpu_bound_to_thread::is_slow(&path) && !cpu_bound_to_thread::is_short(call) {
            inspection.report(call.range(), Some(format!("`{path}`")));
        } else if path == "builtins.range"
            && let Some(turns) = turns(call)
            && turns >= MANY
            && let Some(loop_) = loop_over(inspection, node)
            && !waits_within(inspection, loop_)
        {
            inspection.report_alone(model.nodes.range(loop_), Some(format!("{turns} turns")));
        }
    }
}

/// How many numbers a `range` of literals has.
fn turns(call: &ExprCall) -> Option<i64> {
    let value = |expr: &Expr| literal::integer(expr);
    match &*call.arguments.args {
        [stop] => value(stop),
        [start, stop] => Some(value(stop)? - value(start)?),
        [start, stop, step] => Some((value(stop)? - value(start)?) / value(step)?.max(1)),
        _ => None,
    }
}

/// The loop or comprehension that goes over this expression.
fn loop_over(inspection: &Inspection<'_, '_>, node: NodeId) -> Option<NodeId> {
    let nodes = &inspection.model.nodes;
    let parent = nodes.parent(node);
    match nodes.get(parent) {
        AnyNodeRef::StmtFor(loop_) if inspection.model.id(loop_.iter.as_ref()) == node => {
            Some(parent)
        }
        AnyNodeRef::Comprehension(clause) if inspection.model.id(&clause.iter) == node => {
            Some(nodes.parent(parent))
        }
        _ => None,
    }
}

fn waits_within(inspection: &Inspection<'_, '_>, loop_: NodeId) -> bool {
    let nodes = &inspection.model.nodes;
    nodes.subtree(loop_).any(|node| match nodes.get(node) {
        AnyNodeRef::ExprAwait(_) | AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtBreak(_) => true,
        AnyNodeRef::ExprYield(_) => true,
        AnyNodeRef::StmtWith(with) => with.is_async,
        AnyNodeRef::StmtFor(inner) => inner.is_async,
        AnyNodeRef::Comprehension(clause) => clause.is_async,
        _ => false,
    })
}
