//! Generators: what they clean up, what they delegate to, and what becomes of their decorator and annotation.

use ruff_python_ast::{AnyNodeRef, Expr};

use crate::callgraph::{FileFacts, Function};
use crate::colour;
use crate::importer;
use crate::semantic::{Model, NodeId, Runner, locks};

/// Fills in what the generators of a file need to become async ones.
pub fn read(model: &Model<'_>, facts: &mut FileFacts) {
    let functions = model.scopes.functions();
    for (info, function) in functions.iter().zip(&mut facts.functions) {
        let Some(definition) = info.definition.filter(|_| function.is_generator) else {
            continue;
        };
        let decorator = definition
            .decorator_list
            .iter()
            .map(|decorator| &decorator.expression)
            .find(|decorator| colour::is_context_manager(model, decorator));
        function.context_manager = decorator.map(|decorator| {
            let node = model.id(decorator);
            let (requests, _) = colour::imports(model, colour::context_manager_site(node));
            let is_available = |request| importer::is_available(model, request, node);
            match requests.iter().all(is_available) {
                true => Ok(node),
                false => Err(&importer::NAME_TAKEN),
            }
        });
        function.yields = definition
            .returns
            .as_deref()
            .and_then(|annotation| colour::place_yields(model, annotation));
        function.stale_annotation = function.yields.is_none()
            && definition
                .returns
                .as_deref()
                .is_some_and(|annotation| !says_nothing(model, annotation));
        let sites = [
            decorator.map(|decorator| colour::context_manager_site(model.id(decorator))),
            function.yields.map(colour::yields_site),
        ];
        for site in sites.into_iter().flatten() {
            let (_, released) = colour::imports(model, site);
            let names = released.iter().map(|&range| model.slice(range).to_string());
            function.releases.extend(names);
        }
    }
    for node in (0..model.nodes.len() as u32).map(NodeId) {
        let at = model.nodes.get(node);
        if !matches!(at, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)) {
            continue;
        }
        let Runner::Function(index) = model.runner(node) else {
            continue;
        };
        let Some(function) = facts.functions.get_mut(index as usize) else {
            continue;
        };
        let statement = model.nodes.parent(node);
        if colour::is_delegation(model, statement) {
            function.delegations.push(statement);
        }
        function.generator_cleanup |= is_guarded(model, node);
        note_lock(model, node, function);
    }
}

/// Whether an annotation goes with async generators as well as with others.
fn says_nothing(model: &Model<'_>, annotation: &Expr) -> bool {
    matches!(
        model.meaning(annotation).path(),
        Some("typing.Any" | "builtins.object")
    )
}

/// Whether something is left behind if the generator is not resumed from here.
fn is_guarded(model: &Model<'_>, node: NodeId) -> bool {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| {
            !matches!(
                model.nodes.get(at),
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)
            )
        })
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtTry(_) => true,
            AnyNodeRef::StmtWith(with) => !with
                .items
                .iter()
                .all(|item| is_connection(model, &item.context_expr)),
            _ => false,
        })
}

/// Whether leaving a `with` over this closes a connection of an HTTP client and does nothing else: a program does not see
/// when that is.
fn is_connection(model: &Model<'_>, expr: &Expr) -> bool {
    let Expr::Call(call) = expr else {
        return false;
    };
    match model.meaning(&call.func).path() {
        Some("contextlib.closing") => match &*call.arguments.args {
            [value] => is_connection(model, value),
            _ => false,
        },
        Some(path) => ["requests.", "httpx.", "httpx2."]
            .iter()
            .any(|library| path.starts_with(library)),
        None => false,
    }
}

/// The body of an `async with` may await, and the lock would be held all the time.
fn note_lock(model: &Model<'_>, node: NodeId, function: &mut Function) {
    if matches!(function.context_manager, Some(Ok(_))) && locks::lock_held_at(model, node).is_some()
    {
        function.context_manager = Some(Err(&locks::LOCK_HELD));
    }
}
