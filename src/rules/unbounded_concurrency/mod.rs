//! As many tasks at once as there are items.

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use super::{Inspection, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unbounded-concurrency",
    summary: "as many tasks at once as there are items",
    readme: include_str!("README.md"),
    message: "all of them run at once, however many there are",
    help: "take an `asyncio.Semaphore` in each, or go through the items in batches",
    codemod: Some("gather_to_bounded"),
    gives_way: false,
    run,
};

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        if let Some(found) = inspection.limits().unbounded(call) {
            let items = inspection.model.slice(found.items.range());
            inspection.report(call.range(), Some(format!("one for each of `{items}`")));
        }
    }
}
