//! A loop that awaits one item after the other, though none needs the one before.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};
use crate::collecting::{Collecting, Keep};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "sequential-awaits",
    summary: "a loop that awaits item after item, though none needs the one before",
    readme: include_str!("README.md"),
    message: "each turn waits for the one before, and none needs it",
    help: "start the calls together with `asyncio.gather` or in an `asyncio.TaskGroup`, with a semaphore if there are many",
    codemod: Some("sequential_awaits_to_taskgroup"),
    gives_way: false,
    run,
};

fn run(inspection: &mut Inspection<'_, '_>) {
    let model = inspection.model;
    for node in model.nodes.all() {
        let AnyNodeRef::StmtFor(loop_) = model.nodes.get(node) else {
            continue;
        };
        if !loop_.is_async
            && loop_.orelse.is_empty()
            && let Some(call) = only_collects(inspection, loop_)
        {
            inspection.report(call.range(), None);
        }
    }
}

/// The awaited call of a loop whose body only calls it with the item and keeps the result: `results.append(await f(x))`,
/// `r = await f(x)` and `results.append(r)`, `results[x] = await f(x)`.
fn only_collects<'a>(
    inspection: &Inspection<'a, '_>,
    loop_: &'a ast::StmtFor,
) -> Option<&'a ExprCall> {
    let found = Collecting::of(loop_).filter(|found| !found.keeps.is_empty())?;
    let call = found.call;
    // A function of this file that takes what the loop fills, or a receiver with a state of its own, may need the order.
    let model = inspection.model;
    let is_function = matches!(call.func.as_ref(), Expr::Name(_));
    let fills = filled(&found);
    let reads_filled =
        model
            .nodes
            .subtree(model.id(call))
            .any(|node| match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) => fills.contains(&name.id.as_str()),
                AnyNodeRef::ExprAwait(_) | AnyNodeRef::ExprNamed(_) => true,
                _ => false,
            });
    let takes_item = model.nodes.subtree(model.id(call)).any(|node| {
        matches!(model.nodes.get(node), AnyNodeRef::ExprName(name)
            if names_of(&loop_.target).contains(&name.id.as_str()))
    });
    let sends_request = inspection.path(&call.func).is_some_and(|path| {
        path.starts_with("httpx.AsyncClient.") || path.starts_with("httpx2.AsyncClient.")
    });
    (takes_item && !reads_filled && (is_function || sends_request)).then_some(call)
}

/// The names that a target binds.
fn names_of(target: &Expr) -> Vec<&str> {
    match target {
        Expr::Name(name) => vec![name.id.as_str()],
        Expr::Tuple(tuple) => tuple.elts.iter().flat_map(names_of).collect(),
        Expr::List(list) => list.elts.iter().flat_map(names_of).collect(),
        Expr::Starred(starred) => names_of(&starred.value),
        _ => Vec::new(),
    }
}

/// The names of what the body fills, and the one that it binds.
fn filled<'a>(found: &Collecting<'a>) -> Vec<&'a str> {
    let mut names: Vec<&str> = found.held.iter().map(|name| name.id.as_str()).collect();
    for keep in &found.keeps {
        let mut target = match keep {
            Keep::Method(receiver, _) => receiver,
            Keep::Item(item) => item.value.as_ref(),
        };
        loop {
            target = match target {
                Expr::Name(name) => {
                    names.push(name.id.as_str());
                    break;
                }
                Expr::Attribute(attribute) => &attribute.value,
                Expr::Subscript(subscript) => &subscript.value,
                _ => break,
            };
        }
    }
    names
}
