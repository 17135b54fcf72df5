//! The classes and functions that make values, and their async counterparts.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{TextRange, TextSize};

use super::members::{CONNECTION, ENGINE, MAKER, SCOPED, SESSION, TRANSACTION};
use super::reasons;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::NodeId;
use crate::unit::ImportRequest;
use crate::values::Named;

const ASYNC: &str = "sqlalchemy.ext.asyncio";
const SQLMODEL: &str = "sqlmodel.ext.asyncio.session";

/// Path, kind, and the module and name of the async counterpart.
type Row = (&'static str, usize, &'static str, &'static str);

const ROWS: &[Row] = &[
    (
        "sqlalchemy.create_engine",
        ENGINE,
        ASYNC,
        "create_async_engine",
    ),
    (
        "sqlalchemy.engine.create_engine",
        ENGINE,
        ASYNC,
        "create_async_engine",
    ),
    (
        "sqlalchemy.engine.create.create_engine",
        ENGINE,
        ASYNC,
        "create_async_engine",
    ),
    (
        "sqlmodel.create_engine",
        ENGINE,
        ASYNC,
        "create_async_engine",
    ),
    (
        "sqlalchemy.engine_from_config",
        ENGINE,
        ASYNC,
        "async_engine_from_config",
    ),
    (
        "sqlalchemy.engine.engine_from_config",
        ENGINE,
        ASYNC,
        "async_engine_from_config",
    ),
    ("sqlalchemy.Engine", ENGINE, ASYNC, "AsyncEngine"),
    ("sqlalchemy.engine.Engine", ENGINE, ASYNC, "AsyncEngine"),
    (
        "sqlalchemy.engine.base.Engine",
        ENGINE,
        ASYNC,
        "AsyncEngine",
    ),
    ("sqlalchemy.future.Engine", ENGINE, ASYNC, "AsyncEngine"),
    (
        "sqlalchemy.orm.sessionmaker",
        MAKER,
        ASYNC,
        "async_sessionmaker",
    ),
    (
        "sqlalchemy.orm.session.sessionmaker",
        MAKER,
        ASYNC,
        "async_sessionmaker",
    ),
    ("sqlalchemy.orm.Session", SESSION, ASYNC, "AsyncSession"),
    (
        "sqlalchemy.orm.session.Session",
        SESSION,
        ASYNC,
        "AsyncSession",
    ),
    ("sqlmodel.Session", SESSION, SQLMODEL, "AsyncSession"),
    (
        "sqlmodel.orm.session.Session",
        SESSION,
        SQLMODEL,
        "AsyncSession",
    ),
    (
        "sqlalchemy.Connection",
        CONNECTION,
        ASYNC,
        "AsyncConnection",
    ),
    (
        "sqlalchemy.engine.Connection",
        CONNECTION,
        ASYNC,
        "AsyncConnection",
    ),
    (
        "sqlalchemy.engine.base.Connection",
        CONNECTION,
        ASYNC,
        "AsyncConnection",
    ),
    (
        "sqlalchemy.orm.scoped_session",
        SCOPED,
        ASYNC,
        "async_scoped_session",
    ),
    (
        "sqlalchemy.orm.scoping.scoped_session",
        SCOPED,
        ASYNC,
        "async_scoped_session",
    ),
    (
        "sqlalchemy.orm.SessionTransaction",
        TRANSACTION,
        ASYNC,
        "AsyncSessionTransaction",
    ),
    (
        "sqlalchemy.orm.session.SessionTransaction",
        TRANSACTION,
        ASYNC,
        "AsyncSessionTransaction",
    ),
    (
        "sqlalchemy.Transaction",
        TRANSACTION,
        ASYNC,
        "AsyncTransaction",
    ),
    (
        "sqlalchemy.engine.Transaction",
        TRANSACTION,
        ASYNC,
        "AsyncTransaction",
    ),
];

const fn paths() -> [&'static str; ROWS.len()] {
    let mut paths = [""; ROWS.len()];
    let mut at = 0;
    while at < ROWS.len() {
        paths[at] = ROWS[at].0;
        at += 1;
    }
    paths
}

const fn kinds() -> [usize; ROWS.len()] {
    let mut kinds = [0; ROWS.len()];
    let mut at = 0;
    while at < ROWS.len() {
        kinds[at] = ROWS[at].1;
        at += 1;
    }
    kinds
}

/// The dotted paths.
pub static PATHS: &[&str] = &paths();
/// Their kinds, in the same order.
pub static KINDS: &[usize] = &kinds();

/// Whether a path is one of a class or function that makes a value.
pub fn makes(path: &str) -> bool {
    PATHS.contains(&path)
}

/// The kind of what a path makes.
pub fn kind_of(path: &str) -> Option<usize> {
    ROWS.iter().find(|row| row.0 == path).map(|row| row.1)
}

fn counterpart(path: &str) -> Option<ImportRequest> {
    let &(_, _, module, name) = ROWS.iter().find(|row| row.0 == path)?;
    Some(ImportRequest::Name { module, name })
}

/// Writes the async counterpart where the class or function is named: a name or an attribute chain.
///
/// # Errors
/// The name means something else there, or a comment stands in it.
pub fn rename<'a, 'c>(
    context: &Context<'a, 'c>,
    node: NodeId,
    path: &str,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let Some(import) = counterpart(path) else {
        return Ok(());
    };
    let range = context.model.nodes.range(node);
    if context.model.has_comment(range) {
        return Err(Refusal::at(&reasons::COMMENT, range));
    }
    match context.model.nodes.get(node) {
        AnyNodeRef::ExprAttribute(_) => {
            unit.import(import.clone(), node)?;
            unit.rename(node, import.bound_name());
            Ok(())
        }
        _ => unit.succeed(range, import, node),
    }
}

/// Writes the async class in an annotation, or where it is asked for.
///
/// # Errors
/// As [`rename`], and where both classes are named.
pub fn rename_mention<'a, 'c>(
    context: &Context<'a, 'c>,
    named: &Named,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let Some(import) = counterpart(&named.path) else {
        return Ok(());
    };
    if says_both(context, named, import.bound_name()) {
        return Err(Refusal::at(&reasons::BOTH, named.range));
    }
    if !named.is_quoted {
        return rename(context, named.node, &named.path, unit);
    }
    let text = context.model.slice(named.range);
    match text.rfind('.') {
        // `"orm.Session"`
        Some(_) => {
            unit.import(import.clone(), named.node)?;
            let whole = TextRange::new(named.range.start(), named.range.end() + TextSize::new(0));
            unit.edit(Edit::replace(whole, import.bound_name()));
            unit.release_quoted(named.range);
            Ok(())
        }
        None => unit.succeed(named.range, import, named.node),
    }
}

/// Whether the annotation, or the check, names the async class as well.
fn says_both(context: &Context<'_, '_>, named: &Named, name: &str) -> bool {
    let model = context.model;
    let whole = model
        .nodes
        .ancestors(named.node)
        .take_while(|&at| model.nodes.get(at).is_expression())
        .last()
        .unwrap_or(named.node);
    let holder = model.slice(model.nodes.range(whole));
    !matches!(model.nodes.get(whole), AnyNodeRef::ExprCall(_)) && holder.contains(name)
}
