//! An `async for` over the lines of a file: each line is a trip to a thread.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::semantic::BindingKind;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "line-by-line",
    summary: "an `async for` over the lines of a file",
    readme: include_str!("README.md"),
    message: "each line is a trip to a thread, 200 times the cost of one thread that reads all",
    help: "read the file in a plain function, and run that with `await asyncio.to_thread(...)`",
    codemod: None,
    gives_way: false,
    run,
};

/// What opens such a file.
const OPENED: &[&str] = &["aiofiles.open", "anyio.open_file"];

fn run(inspection: &mut Inspection<'_, '_>) {
    let model = inspection.model;
    for node in model.nodes.all() {
        let lines = match model.nodes.get(node) {
            AnyNodeRef::StmtFor(loop_) if loop_.is_async => loop_.iter.as_ref(),
            AnyNodeRef::Comprehension(clause) if clause.is_async => &clause.iter,
            _ => continue,
        };
        if is_file(inspection, lines) {
            inspection.report(lines.range(), None);
        }
    }
}

/// Whether a name holds nothing but files of these libraries.
fn is_file(inspection: &Inspection<'_, '_>, name: &Expr) -> bool {
    let scopes = &inspection.model.scopes;
    let Some(symbol) = scopes.symbol_of(inspection.model.id(name)) else {
        return false;
    };
    let bindings = &scopes.symbol(symbol).bindings;
    !bindings.is_empty()
        && bindings.iter().all(|&binding| {
            let value = match scopes.binding(binding).kind {
                BindingKind::With { value, .. } | BindingKind::Assign { value } => {
                    inspection.expr(value)
                }
                _ => None,
            };
            let value = match value {
                Some(Expr::Await(awaited)) => Some(awaited.value.as_ref()),
                other => other,
            };
            value
                .and_then(Expr::as_call_expr)
                .and_then(|call| inspection.path(&call.func))
                .is_some_and(|path| OPENED.contains(&path.as_str()))
        })
}
