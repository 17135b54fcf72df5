//! A task that nobody holds: the event loop keeps only a weak reference to it, and its exception is lost.
//!
//! Source: <https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task>.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::semantic::flow::UseKind;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "lost-task",
    summary: "a task that nobody keeps or awaits",
    readme: include_str!("README.md"),
    message: "nobody keeps this task: it may be collected before it ends, and its exception is lost",
    help: "await it, start it in an `asyncio.TaskGroup`, or keep it in a set until it is done",
    codemod: None,
    gives_way: false,
    run,
};

/// What gives an event loop.
const LOOPS: &[&str] = &[
    "asyncio.get_event_loop",
    "asyncio.get_running_loop",
    "asyncio.new_event_loop",
];

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        if !starts_task(inspection, call) {
            continue;
        }
        let flow = inspection.model.follow(&[inspection.model.id(call)], false);
        let is_lost = flow
            .uses
            .iter()
            .all(|use_| matches!(use_.kind, UseKind::Discarded | UseKind::Deleted));
        if is_lost {
            inspection.report(call.range(), None);
        }
    }
}

fn starts_task<'a>(inspection: &Inspection<'a, '_>, call: &'a ExprCall) -> bool {
    let path = inspection.path(&call.func);
    if path.is_some_and(|path| {
        matches!(
            path.as_str(),
            "asyncio.create_task" | "asyncio.ensure_future"
        )
    }) {
        return true;
    }
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return false;
    };
    if attribute.attr.as_str() != "create_task" {
        return false;
    }
    let receiver = match attribute.value.as_ref() {
        name @ Expr::Name(_) => inspection.limits().value_of(name),
        other => Some(other),
    };
    receiver
        .and_then(Expr::as_call_expr)
        .and_then(|call| inspection.path(&call.func))
        .is_some_and(|path| LOOPS.contains(&path.as_str()))
}
