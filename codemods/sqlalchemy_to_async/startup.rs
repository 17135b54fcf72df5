//! Tables that a module makes when it is imported: beside an application, its lifespan makes them; a module of tests has them
//! made by a function that it runs.
//!
//! Source: <https://fastapi.tiangolo.com/advanced/events/#lifespan>. An application with a lifespan ignores its `on_event`
//! handlers, so where it has any, the first one of its start makes the tables.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::reasons;
use super::schema::Taken;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};
use crate::unit::ImportRequest;
use crate::{colour, events};

const NOTE: &str = "the tables are made when the application starts, no longer when the module is imported: a test client that \
                    is not entered (`with TestClient(app)`) does not start it";

/// Whether the code of a node runs when the module is imported, and the module has an application that could make the
/// tables.
pub fn is_beside_application(model: &Model<'_>, node: NodeId) -> bool {
    model.runner(node) == Runner::Module && application(model).is_some()
}

/// Whether the code of a node runs when a module of tests is imported, and the module has made the engine itself.
pub fn is_of_tests(model: &Model<'_>, node: NodeId) -> bool {
    let name = model.module.name.rsplit('.').next().unwrap_or_default();
    let is_tests = name == "conftest" || name.starts_with("test_") || name.ends_with("_test");
    is_tests && model.runner(node) == Runner::Module && made(model, node).is_some()
}

/// The call that makes the engine that a name is bound to.
fn made<'a>(model: &Model<'a>, engine: NodeId) -> Option<&'a ExprCall> {
    let symbol = model.scopes.symbol_of(engine)?;
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return None;
    };
    let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
        return None;
    };
    match model.nodes.get(value) {
        AnyNodeRef::ExprCall(call) => Some(call),
        _ => None,
    }
}

/// `Base.metadata.create_all(engine)` of a module of tests -> a function that does it, and `asyncio.run` of that.
///
/// # Errors
/// A comment stands between the statements, or they stand in another one.
pub fn run<'a, 'c>(
    context: &Context<'a, 'c>,
    taken: &[Taken<'a>],
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let mut names = Vec::new();
    let mut rest = taken;
    while let Some(first) = rest.first() {
        let refuse = || Refusal::at(&reasons::STARTUP, first.call.range());
        let statement = |one: &Taken<'_>| model.nodes.parent(model.id(one.call));
        let engine = |one: &Taken<'_>| model.slice(model.nodes.range(one.value));
        let is_simple = |one: &Taken<'_>| {
            let node = statement(one);
            matches!(model.nodes.get(node), AnyNodeRef::StmtExpr(_))
                && matches!(model.nodes.parent_node(node), AnyNodeRef::ModModule(_))
        };
        let (_, index) = model.suite_of(statement(first)).ok_or_else(refuse)?;
        // Those that follow each other are made in one transaction.
        let count = rest
            .iter()
            .enumerate()
            .take_while(|(offset, one)| {
                is_simple(one)
                    && engine(one) == engine(first)
                    && model.suite_of(statement(one)).map(|(_, at)| at) == Some(index + offset)
            })
            .count();
        let (own, others) = rest.split_at(count);
        let last = own.last().ok_or_else(refuse)?;
        let start = model.nodes.range(statement(first)).start();
        let range = TextRange::new(start, model.nodes.range(statement(last)).end());
        if model.has_comment(range) || !model.is_alone_on_its_lines(statement(first)) {
            return Err(Refusal::at(&reasons::COMMENT, range));
        }
        let node = statement(first);
        let name = model.free_name("make_tables", node, &names);
        let conn = model.free_name("conn", node, &names);
        let indent = model.indent_unit();
        let mut lines = vec![
            colour::async_def_header(&name, ""),
            format!(
                "{indent}{}",
                colour::async_with_header(&format!("{}.begin() as {conn}", engine(first)))
            ),
        ];
        for one in own {
            let mut arguments = vec![model.slice(one.call.func.range())];
            arguments.extend(one.rest.iter().map(|range| model.slice(*range)));
            let run = format!("{conn}.run_sync({})", arguments.join(", "));
            lines.push(format!("{indent}{indent}{}", colour::awaited(&run)));
        }
        // The tests have an event loop of their own; tables in memory go with their connection, and aiosqlite minds no loop.
        let is_sqlite = made(model, first.value)
            .is_some_and(|call| model.slice(call.range()).contains("StaticPool"))
            || model.text.contains("sqlite");
        if !is_sqlite {
            let dispose = colour::awaited(&format!("{}.dispose()", engine(first)));
            lines.push(format!("{indent}{dispose}"));
        }
        let blank = model.blank_lines_before(node).unwrap_or(2).min(2);
        let before = "\n".repeat(2 - blank);
        let text = format!("{before}{}\n\n\nasyncio.run({name}())", lines.join("\n"));
        unit.edit(Edit::replace(range, text));
        unit.import(ImportRequest::Module("asyncio"), node)?;
        names.push(name);
        rest = others;
    }
    Ok(())
}

/// The statement and the call that make the one application of the module.
fn application<'a>(model: &Model<'a>) -> Option<(NodeId, &'a ExprCall)> {
    let mut found = None;
    for statement in &model.parsed.syntax().body {
        let value = match statement {
            Stmt::Assign(assign) => Some(assign.value.as_ref()),
            Stmt::AnnAssign(assign) => assign.value.as_deref(),
            _ => None,
        };
        if let Some(Expr::Call(call)) = value
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
