//! Handlers of the start and the stop of web applications: `@app.on_event("startup")`.
//!
//! Source: <https://fastapi.tiangolo.com/advanced/events/>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId, literal};

/// The classes of applications with events.
pub const APPS: &[&str] = &[
    "fastapi.FastAPI",
    "fastapi.applications.FastAPI",
    "starlette.applications.Starlette",
];

/// The methods that register handlers.
pub const REGISTERS: &[&str] = &["on_event", "add_event_handler"];

/// A handler that a decorator registers.
#[derive(Clone, Copy, Debug)]
pub struct Handler<'a> {
    /// The function.
    pub function: &'a StmtFunctionDef,
    /// What registers it, without the `@`.
    pub decorator: &'a Expr,
    /// Whether it is called when the application starts, and not when it stops.
    pub is_startup: bool,
}

/// What registers handlers in a file: with the application that this name is bound to, or with anything else (`None`). In the
/// order of the source.
pub fn registers(
    model: &Model<'_>,
    is_app: impl Fn(SymbolId) -> bool,
) -> Vec<(Option<SymbolId>, NodeId)> {
    model
        .attributes()
        .filter(|attribute| REGISTERS.contains(&attribute.attr.as_str()))
        .map(|attribute| {
            let symbol = model.scopes.symbol_of(model.id(attribute.value.as_ref()));
            (symbol.filter(|symbol| is_app(*symbol)), model.id(attribute))
        })
        .collect()
}

/// The name that a call is assigned to, in a statement of its own.
pub fn target(model: &Model<'_>, call: &ExprCall) -> Option<SymbolId> {
    let target = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [Expr::Name(name)] => name,
            _ => return None,
        },
        AnyNodeRef::StmtAnnAssign(assign) => assign.target.as_name_expr()?,
        _ => return None,
    };
    model.scopes.symbol_of(model.id(target))
}

/// The handler that an `app.on_event` registers, as a decorator.
///
/// # Errors
/// The span of what nobody can call by its name beside the statement `app`, which makes the application.
pub fn handler<'a>(
    model: &Model<'a>,
    app: NodeId,
    register: NodeId,
) -> Result<Handler<'a>, TextRange> {
    let refuse = Err;
    let range = model.nodes.range(register);
    let call = model.nodes.parent(register);
    let decorator = model.nodes.parent(call);
    let AnyNodeRef::Decorator(decorator_) = model.nodes.get(decorator) else {
        return refuse(range);
    };
    let (AnyNodeRef::ExprCall(made), AnyNodeRef::StmtFunctionDef(function)) =
        (model.nodes.get(call), model.nodes.parent_node(decorator))
    else {
        return refuse(range);
    };
    let is_startup = match (
        made.arguments.args.first().and_then(literal::string),
        made.arguments.len(),
    ) {
        (Some("startup"), 1) => true,
        (Some("shutdown"), 1) => false,
        _ => return refuse(made.range()),
    };
    let body = |statement: NodeId| {
        model
            .suite_of(statement)
            .map(|(body, _): (&[Stmt], usize)| body.as_ptr())
    };
    let statement = model.id(function);
    let is_beside = body(statement).is_some() && body(statement) == body(app);
    let is_single = model
        .scopes
        .named(function.name.as_str())
        .iter()
        .map(|&symbol| model.scopes.symbol(symbol))
        .filter(|symbol| {
            let binds = |binding: &_| model.scopes.binding(*binding).node == statement;
            symbol.bindings.iter().any(binds)
        })
        .all(|symbol| symbol.bindings.len() == 1);
    let parameters = &function.parameters;
    let takes = parameters
        .iter_non_variadic_params()
        .any(|parameter| parameter.default.is_none());
    if !is_beside
        || !is_single
        || takes
        || model
            .yield_in(
                function.range(),
                statement,
                model.runner(body_node(model, function)),
            )
            .is_some()
    {
        return refuse(function.name.range());
    }
    Ok(Handler {
        function,
        decorator: &decorator_.expression,
        is_startup,
    })
}

/// A node that a function runs.
fn body_node(model: &Model<'_>, function: &StmtFunctionDef) -> NodeId {
    function
        .body
        .first()
        .map_or(model.id(function), |first| model.id(first))
}

/// Whether the module makes tables when it is imported: its application may come to do that when it starts.
pub fn makes_tables(model: &Model<'_>) -> bool {
    model
        .parsed
        .syntax()
        .body
        .iter()
        .any(|statement| match statement {
            Stmt::Expr(statement) => match statement.value.as_ref() {
                Expr::Call(call) => call
                    .func
                    .as_attribute_expr()
                    .is_some_and(|method| method.attr.as_str() == "create_all"),
                _ => false,
            },
            _ => false,
        })
}

/// The handler that can make the tables of the module: the first one of the start that is not settled, since what is settled
/// reads no table and need not turn async for them. `None` where the application's start has no handler.
pub fn table_maker<'h, 'a>(
    model: &Model<'a>,
    handlers: &'h [Handler<'a>],
) -> Option<&'h Handler<'a>> {
    let mut starts = handlers.iter().filter(|handler| handler.is_startup);
    let first = starts.clone().next();
    starts
        .find(|handler| handler.function.is_async || !is_settled(model, handler.function))
        .or(first)
}

/// Whether nothing that a function calls can become awaited: builtins, logging, and methods of what the file writes as a
/// display.
pub fn is_settled(model: &Model<'_>, function: &StmtFunctionDef) -> bool {
    model
        .nodes
        .subtree(model.id(function))
        .all(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) => is_decorator(model, node) || is_plain_call(model, call),
            AnyNodeRef::StmtWith(_) | AnyNodeRef::StmtFor(_) => false,
            _ => true,
        })
}

fn is_decorator(model: &Model<'_>, call: NodeId) -> bool {
    matches!(model.nodes.parent_node(call), AnyNodeRef::Decorator(_))
}

fn is_plain_call(model: &Model<'_>, call: &ExprCall) -> bool {
    let meaning = model.meaning(&call.func);
    if let Some(path) = meaning.path() {
        return path.starts_with("builtins.") || path.starts_with("logging.");
    }
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return false;
    };
    let symbol = model.scopes.symbol_of(model.id(attribute.value.as_ref()));
    symbol.is_some_and(|symbol| {
        let bindings = &model.scopes.symbol(symbol).bindings;
        !bindings.is_empty()
            && bindings.iter().all(|&binding| {
                let statement = model.nodes.parent(model.scopes.binding(binding).node);
                let value = match model.nodes.get(statement) {
                    AnyNodeRef::StmtAssign(assign) => Some(assign.value.as_ref()),
                    AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref(),
                    _ => None,
                };
                value.is_some_and(|value| match value {
                    Expr::Dict(_) | Expr::List(_) | Expr::Set(_) => true,
                    Expr::Call(made) => {
                        model.meaning(&made.func).path() == Some("logging.getLogger")
                    }
                    _ => false,
                })
            })
    })
}
