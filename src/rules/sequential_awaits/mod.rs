//! A loop that awaits one item after the other, though none needs the one before.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::{Inspection, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "sequential-awaits",
    summary: "a loop that awaits item after item, though none needs the one before",
    readme: include_str!("README.md"),
    message: "each turn waits for the one before, and none needs it",
    help: "start the calls together with `asyncio.gather` or in an `asyncio.TaskGroup`, with a semaphore if there are many",
    codemod: None,
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
    let mut names: FxHashSet<&str> = FxHashSet::default();
    let mut awaited = None;
    let mut keeps = false;
    for statement in &loop_.body {
        match statement {
            Stmt::Assign(assign) => {
                let value = awaited_call(&assign.value);
                match (&*assign.targets, value) {
                    ([Expr::Name(target)], Some(call)) if awaited.is_none() => {
                        names.insert(target.id.as_str());
                        awaited = Some(call);
                    }
                    ([Expr::Subscript(_)], Some(call)) if awaited.is_none() => {
                        awaited = Some(call);
                        keeps = true;
                    }
                    ([Expr::Subscript(_)], None) if is_name(&assign.value, &names) => keeps = true,
                    _ => return None,
                }
            }
            Stmt::Expr(expression) => {
                let call = expression.value.as_call_expr()?;
                let method = call.func.as_attribute_expr()?;
                let ([argument], true) =
                    (&*call.arguments.args, call.arguments.keywords.is_empty())
                else {
                    return None;
                };
                if !matches!(method.attr.as_str(), "append" | "add" | "extend" | "update") {
                    return None;
                }
                match awaited_call(argument) {
                    Some(call) if awaited.is_none() => awaited = Some(call),
                    None if is_name(argument, &names) => {}
                    _ => return None,
                }
                keeps = true;
            }
            _ => return None,
        }
    }
    let call = awaited.filter(|_| keeps)?;
    // A function of this file that takes what the loop fills, or a receiver with a state of its own, may need the order.
    let model = inspection.model;
    let is_function = matches!(call.func.as_ref(), Expr::Name(_));
    let fills: FxHashSet<&str> = filled(loop_);
    let reads_filled =
        model
            .nodes
            .subtree(model.id(call))
            .any(|node| match model.nodes.get(node) {
                AnyNodeRef::ExprName(name) => fills.contains(name.id.as_str()),
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

fn awaited_call(value: &Expr) -> Option<&ExprCall> {
    value.as_await_expr()?.value.as_call_expr()
}

fn is_name(value: &Expr, names: &FxHashSet<&str>) -> bool {
    matches!(value, Expr::Name(name) if names.contains(name.id.as_str()))
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

/// The names of what the body fills, and those that it binds.
fn filled(loop_: &ast::StmtFor) -> FxHashSet<&str> {
    let mut found = FxHashSet::default();
    for statement in &loop_.body {
        let target = match statement {
            Stmt::Assign(assign) => assign.targets.first(),
            Stmt::Expr(expression) => expression
                .value
                .as_call_expr()
                .map(|call| call.func.as_ref()),
            _ => None,
        };
        let mut target = target;
        while let Some(inner) = target {
            match inner {
                Expr::Name(name) => {
                    found.insert(name.id.as_str());
                    break;
                }
                Expr::Attribute(attribute) => target = Some(&attribute.value),
                Expr::Subscript(subscript) => target = Some(&subscript.value),
                _ => break,
            }
        }
    }
    found
}
