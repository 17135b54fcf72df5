//! A client or a file that is opened in a function and never closed there.

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::clients;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unclosed-resource",
    summary: "a client or a file that is opened and not closed",
    readme: include_str!("README.md"),
    message: "nobody closes this: its connections or its file stay open",
    help: "open it with `async with`",
    codemod: Some("client_to_async_with"),
    gives_way: false,
    run,
};

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        let is_opened = inspection
            .path(&call.func)
            .is_some_and(|path| clients::OPENED.contains(&path.as_str()));
        if is_opened && clients::is_left_open(inspection.model, call) {
            inspection.report(call.range(), None);
        }
    }
}
