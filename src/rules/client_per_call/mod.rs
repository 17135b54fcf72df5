//! A client, pool or engine that is made again for every item: no connection is ever used twice.

use ruff_python_ast::{AnyNodeRef, ExprCall};
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
