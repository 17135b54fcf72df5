//! A client or a file that is opened in a function and never closed there.

use ruff_python_ast::{AnyNodeRef, ExprCall};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::semantic::Runner;
use crate::semantic::flow::UseKind;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unclosed-resource",
    summary: "a client or a file that is opened and not closed",
    readme: include_str!("README.md"),
    message: "nobody closes this: its connections or its file stay open",
    help: "open it with `async with`",
    codemod: None,
    gives_way: false,
    run,
};

/// What holds connections or a file until it is closed, and is an async context manager.
const OPENED: &[&str] = &[
    "aiofiles.open",
    "aiohttp.ClientSession",
    "aiosqlite.connect",
    "httpx.AsyncClient",
    "httpx2.AsyncClient",
    "sqlalchemy.ext.asyncio.AsyncSession",
];

const CLOSING: &[&str] = &["__aexit__", "aclose", "close"];

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    let model = inspection.model;
    for call in calls {
        let is_opened = inspection
            .path(&call.func)
            .is_some_and(|path| OPENED.contains(&path.as_str()));
        let node = model.id(call);
        // A client of the module lives as long as the program.
        if !is_opened || !matches!(model.runner(node), Runner::Function(_)) {
            continue;
        }
        let origin = match model.nodes.parent_node(node) {
            AnyNodeRef::ExprAwait(awaited) => model.id(awaited),
            _ => node,
        };
        let flow = model.follow(&[origin], true);
        let is_kept = flow.uses.iter().any(|use_| match use_.kind {
            UseKind::Method { attribute, .. } => CLOSING.contains(&attribute.attr.as_str()),
            UseKind::Attribute(_)
            | UseKind::AttributeStore(_)
            | UseKind::IsNone
            | UseKind::Truth
            | UseKind::Iterated(_)
            | UseKind::Discarded => false,
            _ => true,
        });
        if !is_kept {
            inspection.report(call.range(), None);
        }
    }
}
