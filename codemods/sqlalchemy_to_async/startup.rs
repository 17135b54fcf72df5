//! Tables that a module makes when it is imported, beside an application: its lifespan makes them.
//!
//! Source: <https://fastapi.tiangolo.com/advanced/events/#lifespan>. An application with a lifespan ignores its `on_event`
//! handlers, so where it has any, the first one of its start makes the tables.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::reasons;
use super::schema::Taken;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::semantic::{Model, NodeId, Runner, literal};
use crate::unit::ImportRequest;
use crate::{colour, events};

const NOTE: &str = "the tables are made when the application starts, no longer when the module is imported: a test client that \
                    is not entered (`with TestClient(app)`) does not start it";

/// Whether the code of a node runs when the module is imported, and the module has an application that could make the
/// tables.
pub fn is_beside_application(model: &Model<'_>, node: NodeId) -> bool {
    model.runner(node) == Runner::Module && application(model).is_some()
}

/// The statement and the call that make the one application of the module.
fn application<'a>(model: &Model<'a>) -> Option<(NodeId, &'a ExprCall)> {
    let mut found = None;
    for statement in &model.parsed.syntax().body {
        let Stmt::Assign(assign) = statement else {
            continue;
        };
        if let Expr::Call(call) = assign.value.as_ref()
            && matches!(
                model.meaning(&call.func).path(),
                Some("fastapi.FastAPI" | "fastapi.applications.FastAPI")
            )
        {
            if found.is_some() {
                return None;
            }
            found = Some((model.id(statement), call));
        }
    }
    found
}

/// Moves the calls that make tables into the lifespan of the application.
///
/// # Errors
/// The application has handlers or a lifespan of its own that cannot take them.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    taken: &[Taken<'a>],
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let Some(first) = taken.first() else {
        return Ok(());
    };
    let refuse = || Refusal::at(&reasons::STARTUP, first.call.range());
    let (statement, app) = application(model).ok_or_else(refuse)?;
    let keywords = ["on_startup", "on_shutdown"];
    if keywords
        .iter()
        .any(|name| literal::keyword(app, name).is_some())
        || literal::has_starred(app)
    {
        return Err(refuse());
    }
    let handler = match handled(model, statement, app) {
        Handled::Nowhere => None,
        Handled::By(function) => Some(function),
        Handled::Elsewhere => return Err(refuse()),
    };
    let unit_of_indent = model.indent_unit();
    let mut lines = Vec::new();
    for one in taken {
        let node = model.nodes.parent(model.id(one.call));
        let drop = model.drop_or_pass(node).ok_or_else(refuse)?;
        if !matches!(model.nodes.parent_node(node), AnyNodeRef::ModModule(_)) {
            return Err(refuse());
        }
        unit.edit(drop);
        let name = model.free_name("conn", statement, &[]);
        let engine = model.slice(model.nodes.range(one.value));
        lines.push(colour::async_with_header(&format!(
            "{engine}.begin() as {name}"
        )));
        let mut arguments = vec![model.slice(one.call.func.range())];
        arguments.extend(one.rest.iter().map(|range| model.slice(*range)));
        let run = format!("{name}.run_sync({})", arguments.join(", "));
        lines.push(format!("{unit_of_indent}{}", colour::awaited(&run)));
    }
    match (handler, literal::keyword(app, "lifespan")) {
        (Some(function), None) => {
            let body = first_statement(model, function).ok_or_else(refuse)?;
            unit.edits(model.hoist(body, &lines).ok_or_else(refuse)?);
            unit.runs_in(body);
        }
        // It would not be called.
        (Some(_), Some(_)) => return Err(refuse()),
        (None, Some(own)) => {
            let body = lifespan_body(model, &own.value).ok_or_else(refuse)?;
            unit.edits(model.hoist(body, &lines).ok_or_else(refuse)?);
        }
        (None, None) => {
            let import = ImportRequest::Name {
                module: "contextlib",
                name: "asynccontextmanager",
            };
            unit.import(import, statement)?;
            let name = model.free_name("lifespan", statement, &[]);
            let parameter = format!("app: {}", model.slice(app.func.range()));
            let mut new = vec![
                "@asynccontextmanager".to_string(),
                colour::async_def_header(&name, &parameter),
            ];
            new.extend(lines.iter().map(|line| format!("{unit_of_indent}{line}")));
            new.push(format!("{unit_of_indent}yield"));
            new.extend([String::new(), String::new()]);
            unit.edits(model.hoist(statement, &new).ok_or_else(refuse)?);
            unit.edit(model.append_argument(app, &format!("lifespan={name}")));
        }
    }
    unit.unsafe_because(first.call.range(), NOTE);
    Ok(())
}

/// The first statement of an async lifespan of this module.
fn lifespan_body(model: &Model<'_>, value: &Expr) -> Option<NodeId> {
    let Expr::Name(name) = value else {
        return None;
    };
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return None;
    };
    match model.nodes.get(model.scopes.binding(binding).node) {
        AnyNodeRef::StmtFunctionDef(function) if function.is_async => {
            first_statement(model, function)
        }
        _ => None,
    }
}

/// The first statement of a function behind its docstring; `None` where it has nothing else.
fn first_statement(model: &Model<'_>, function: &StmtFunctionDef) -> Option<NodeId> {
    let is_docstring = |statement: &Stmt| match statement {
        Stmt::Expr(expr) => expr.value.is_string_literal_expr(),
        _ => false,
    };
    let first = function
        .body
        .iter()
        .find(|statement| !is_docstring(statement))?;
    Some(model.id(first))
}

/// What the handlers of an application's start say of the tables.
enum Handled<'a> {
    /// There are no handlers of events.
    Nowhere,
    /// This one makes the tables.
    By(&'a StmtFunctionDef),
    /// There are handlers, and none that could make the tables: a lifespan would silence them.
    Elsewhere,
}

fn handled<'a>(model: &Model<'a>, statement: NodeId, app: &'a ExprCall) -> Handled<'a> {
    let own = events::target(model, app);
    let registers = events::registers(model, |symbol| Some(symbol) == own);
    if registers.is_empty() {
        return Handled::Nowhere;
    }
    let handlers: Option<Vec<_>> = registers
        .into_iter()
        .map(|(of, node)| events::handler(model, statement, of.map(|_| node)?).ok())
        .collect();
    let handlers = handlers.unwrap_or_default();
    match events::table_maker(model, &handlers) {
        Some(handler) => Handled::By(handler.function),
        None => Handled::Elsewhere,
    }
}
