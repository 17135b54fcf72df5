//! As many tasks at once as there are items.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Inspection, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unbounded-concurrency",
    summary: "as many tasks at once as there are items",
    readme: include_str!("README.md"),
    message: "all of them run at once, however many there are",
    help: "take an `asyncio.Semaphore` in each, or go through the items in batches",
    codemod: None,
    gives_way: false,
    run,
};

/// What limits how many tasks go on.
const LIMITERS: &[&str] = &[
    "anyio.CapacityLimiter",
    "anyio.Semaphore",
    "asyncio.BoundedSemaphore",
    "asyncio.Semaphore",
];

/// So few items need no limit.
const FEW: i64 = 100;

fn run(inspection: &mut Inspection<'_, '_>) {
    let calls: Vec<&ExprCall> = inspection.model.calls().collect();
    for call in calls {
        let Some(path) = inspection.path(&call.func) else {
            continue;
        };
        let many = match path.as_str() {
            "asyncio.gather" => call
                .arguments
                .args
                .iter()
                .find_map(|argument| argument.as_starred_expr())
                .map(|starred| starred.value.as_ref()),
            "asyncio.wait" | "asyncio.as_completed" => call.arguments.args.first(),
            _ => None,
        };
        if let Some(many) = many
            && let Some(items) = unbounded(inspection, many)
        {
            inspection.report(call.range(), Some(format!("one for each of `{items}`")));
        }
    }
}

/// The items that each give a coroutine, if there may be many and nothing limits them.
fn unbounded<'a>(inspection: &Inspection<'a, '_>, many: &'a Expr) -> Option<&'a str> {
    let many = match many {
        Expr::Name(_) => inspection.value_of(many)?,
        other => other,
    };
    let (element, clauses) = match many {
        Expr::ListComp(list) => (list.elt.as_ref(), &list.generators),
        Expr::SetComp(set) => (set.elt.as_ref(), &set.generators),
        Expr::Generator(generator) => (generator.elt.as_ref(), &generator.generators),
        _ => return None,
    };
    let items = &clauses.first()?.iter;
    if is_few(inspection, items) {
        return None;
    }
    let call = coroutine_call(inspection, element)?;
    let runs = inspection.functions(&call.func);
    if runs.iter().any(|function| is_limited(inspection, function)) {
        return None;
    }
    Some(inspection.model.slice(items.range()))
}

/// The call that does the work: inside of `create_task(...)`, if it is wrapped.
fn coroutine_call<'a>(inspection: &Inspection<'a, '_>, element: &'a Expr) -> Option<&'a ExprCall> {
    let call = element.as_call_expr()?;
    let path = inspection.path(&call.func);
    match path.as_deref() {
        Some("asyncio.create_task" | "asyncio.ensure_future" | "asyncio.wait_for") => {
            call.arguments.args.first()?.as_call_expr()
        }
        _ => Some(call),
    }
}

/// Whether there are few items, or a batch of them.
fn is_few<'a>(inspection: &Inspection<'a, '_>, items: &'a Expr) -> bool {
    match items {
        Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => true,
        Expr::Subscript(subscript) => subscript.slice.is_slice_expr(),
        Expr::Name(_) => inspection
            .value_of(items)
            .is_some_and(|value| is_few(inspection, value)),
        Expr::Call(call) => match inspection.path(&call.func).as_deref() {
            Some("builtins.range") => match call.arguments.args.last() {
                Some(stop) => {
                    crate::semantic::literal::integer(stop).is_some_and(|stop| stop <= FEW)
                }
                None => false,
            },
            Some("itertools.islice") => true,
            Some(
                "builtins.enumerate" | "builtins.zip" | "builtins.reversed" | "builtins.sorted",
            ) => call
                .arguments
                .args
                .iter()
                .any(|argument| is_few(inspection, argument)),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a function takes a semaphore.
fn is_limited<'a>(inspection: &Inspection<'a, '_>, function: &'a ast::StmtFunctionDef) -> bool {
    let model = inspection.model;
    model.nodes.subtree(model.id(function)).any(|node| {
        let AnyNodeRef::StmtWith(with) = model.nodes.get(node) else {
            return false;
        };
        with.is_async
            && with
                .items
                .iter()
                .any(|item| is_limiter(inspection, &item.context_expr))
    })
}

/// Whether a value is a semaphore, or has the name of one where its class is not known.
fn is_limiter<'a>(inspection: &Inspection<'a, '_>, value: &'a Expr) -> bool {
    if let Some(path) = inspection.type_path(value) {
        return LIMITERS.contains(&path.as_str());
    }
    let name = match value {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Subscript(subscript) => return is_limiter(inspection, &subscript.value),
        Expr::Call(call) => return is_limiter(inspection, &call.func),
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    ["sem", "limit", "throttle", "slot", "acquire"]
        .iter()
        .any(|part| name.contains(part))
}
