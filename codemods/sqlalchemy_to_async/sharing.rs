//! One session belongs to one task: code that runs at the same time must not share it.
//!
//! Source: <https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::members::{CONNECTION, SESSION, TRANSACTION};
use super::reasons;
use crate::codemod::Refusal;
use crate::semantic::{BindingKind, Model, NodeId, Runner};

/// Checks that a value is not handed to code that runs at the same time: in the arguments of `gather` and the like, in what is
/// kept for them, or in a function that runs there and has the value from outside.
///
/// # Errors
/// [`reasons::SHARED`], with what runs the code.
pub fn check(model: &Model<'_>, node: NodeId, kind: usize) -> Result<(), Refusal> {
    if !matches!(kind, SESSION | CONNECTION | TRANSACTION) {
        return Ok(());
    }
    let found = concurrent(model, node)
        .or_else(|| kept(model, node))
        .or_else(|| captured(model, node));
    match found {
        Some(call) => Err(Refusal::with_detail(
            &reasons::SHARED,
            model.nodes.range(node),
            format!("`{}`", model.slice(call.func.range())),
        )),
        None => Ok(()),
    }
}

/// The call round a value that runs its arguments beside other code.
fn concurrent<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    running(model, node).filter(|call| !makes_none(model, call, node))
}

/// The call round a coroutine that runs it beside other code.
fn running<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.get(at).is_statement())
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::ExprCall(call) if is_concurrent(model, call) => Some(call),
            _ => None,
        })
        .filter(|call| !model.nodes.is_within(node, model.id(call.func.as_ref())))
}

/// Whether a method that only has the name of `create_task` is handed the session itself: a task is made of a call.
fn makes_none(model: &Model<'_>, call: &ExprCall, node: NodeId) -> bool {
    let is_method = matches!(call.func.as_ref(), Expr::Attribute(method) if method.attr.as_str() == "create_task");
    let arguments = call.arguments.args.iter();
    let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
    is_method
        && model.meaning(&call.func).path() != Some("asyncio.create_task")
        && arguments
            .chain(keywords)
            .any(|argument| model.id(argument) == node)
}

fn is_concurrent(model: &Model<'_>, call: &ExprCall) -> bool {
    let meaning = model.meaning(&call.func);
    let by_path = matches!(
        meaning.path(),
        Some(
            "asyncio.as_completed"
                | "asyncio.gather"
                | "asyncio.create_task"
                | "asyncio.ensure_future"
                | "asyncio.wait"
                | "asyncio.to_thread"
                | "threading.Thread"
        )
    );
    let by_name = match call.func.as_ref() {
        Expr::Attribute(attribute) => match attribute.attr.as_str() {
            "create_task" | "submit" | "run_in_executor" | "start_soon" => true,
            "map" | "imap" | "starmap" | "apply_async" => {
                let name = match attribute.value.as_ref() {
                    Expr::Name(name) => name.id.to_ascii_lowercase(),
                    _ => String::new(),
                };
                name.contains("pool") || name.contains("executor")
            }
            _ => false,
        },
        _ => false,
    };
    by_path || by_name
}

/// `tasks = [load(session, key) for key in keys]`, and `gather(*tasks)` later: of coroutines, which have not run yet.
fn kept<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    let taker = model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.get(at).is_statement())
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::ExprCall(call) => Some(call),
            _ => None,
        })?;
    let is_awaited = matches!(
        model.nodes.parent_node(model.id(taker)),
        AnyNodeRef::ExprAwait(_)
    );
    if is_awaited {
        return None;
    }
    let name = match model.nodes.get(model.statement_of(node)) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [Expr::Name(name)] => model
                .scopes
                .binding_at(model.id(name))
                .map(|binding| model.scopes.binding(binding).symbol),
            _ => None,
        },
        // `tasks.append(load(session, key))`
        AnyNodeRef::StmtExpr(statement) => match statement.value.as_ref() {
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Attribute(method) if method.attr.as_str() == "append" => {
                    match method.value.as_ref() {
                        Expr::Name(name) => model.scopes.symbol_of(model.id(name)),
                        _ => None,
                    }
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }?;
    let is_coroutine = is_coroutine_function(model, &taker.func);
    let references = model.scopes.symbol(name).references.iter();
    references.copied().find_map(|reference| {
        // `gather(*tasks)` takes nothing but awaitables.
        let is_spread = matches!(
            model.nodes.parent_node(reference),
            AnyNodeRef::ExprStarred(_)
        );
        (is_coroutine || is_spread)
            .then(|| running(model, reference).or_else(|| one_by_one(model, reference)))?
    })
}

/// What runs the members of a list beside other code: `[group.create_task(one) for one in tasks]`, or the same in a loop.
fn one_by_one<'a>(model: &Model<'a>, list: NodeId) -> Option<&'a ExprCall> {
    let (target, items) = match model.nodes.parent_node(list) {
        AnyNodeRef::Comprehension(clause) => (&clause.target, &clause.iter),
        AnyNodeRef::StmtFor(loop_) => (loop_.target.as_ref(), loop_.iter.as_ref()),
        _ => return None,
    };
    let Expr::Name(target) = target else {
        return None;
    };
    if model.id(items) != list {
        return None;
    }
    let binding = model.scopes.binding_at(model.id(target))?;
    let symbol = model.scopes.binding(binding).symbol;
    let references = model.scopes.symbol(symbol).references.iter();
    references
        .copied()
        .find_map(|reference| running(model, reference))
}

/// Whether a name means an `async def` of this file.
fn is_coroutine_function(model: &Model<'_>, func: &Expr) -> bool {
    let Expr::Name(name) = func else {
        return false;
    };
    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
        return false;
    };
    let bindings = model.scopes.symbol(symbol).bindings.iter();
    bindings.copied().any(|binding| {
        let node = model.scopes.binding(binding).node;
        matches!(model.nodes.get(node), AnyNodeRef::StmtFunctionDef(function) if function.is_async)
    })
}

/// A function that has the value from outside of it, and runs beside other code.
fn captured<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    let AnyNodeRef::ExprName(name) = model.nodes.get(node) else {
        return None;
    };
    let Runner::Function(index) = model.runner(node) else {
        return None;
    };
    let function = model.scopes.functions().get(index as usize)?;
    let definition = function.definition?;
    let symbol = model.scopes.symbol(model.scopes.symbol_of(model.id(name))?);
    let is_own = model
        .scopes
        .enclosing(symbol.scope)
        .any(|scope| scope == function.scope);
    if is_own {
        return None;
    }
    let own = model.scopes.binding_at(model.id(definition))?;
    let own = model.scopes.binding(own);
    if !matches!(own.kind, BindingKind::Function) {
        return None;
    }
    let references = model.scopes.symbol(own.symbol).references.iter();
    references
        .copied()
        .find_map(|reference| concurrent(model, reference))
}
