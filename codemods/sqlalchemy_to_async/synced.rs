//! Functions that take a sync engine or connection, and give something that needs it no more: `inspect(engine).get_table_names()`,
//! `pandas.read_sql(query, engine)`, `Table("users", metadata, autoload_with=engine)`. A connection runs them by `run_sync`.
//!
//! Source: <https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#using-the-inspector-to-inspect-schema-objects>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use super::members::{CONNECTION, ENGINE};
use super::reasons;
use crate::callgraph::values::To;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Layer};
use crate::semantic::{Model, NodeId};
use crate::values::{Part, ValueUse};

/// The functions.
pub const TAKERS: &[&str] = &[
    "pandas.read_sql",
    "pandas.read_sql_query",
    "pandas.read_sql_table",
    "sqlalchemy.Table",
    "sqlalchemy.inspect",
    "sqlalchemy.inspection.inspect",
    "sqlalchemy.schema.Table",
];

/// Whether a use is one of these.
pub fn is_taken(use_: &ValueUse) -> bool {
    matches!(&use_.to, To::Handed(path) if TAKERS.contains(&path.as_str()))
}

/// Rewrites all such uses of a file.
///
/// # Errors
/// What a function gives goes on to need the engine (an inspector in a variable), or it stands where no block can.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    // The connection of each statement that needs one.
    let mut opened: FxHashMap<NodeId, (String, String)> = FxHashMap::default();
    for use_ in part.uses.iter().filter(|use_| is_taken(use_)) {
        let refuse = || Refusal::at(&reasons::TAKEN, use_.range);
        let call = whole(model, use_.node).ok_or_else(refuse)?;
        let node = model.id(call);
        if !is_movable(model, part, node, use_.node) {
            return Err(refuse());
        }
        let text = model.slice(use_.range);
        let name = match use_.kind {
            CONNECTION => match model.nodes.get(use_.node) {
                AnyNodeRef::ExprName(name) => name.id.to_string(),
                _ => return Err(refuse()),
            },
            ENGINE => {
                let statement = model.statement_of(node);
                match opened.get(&statement) {
                    Some((engine, name)) if engine == text => name.clone(),
                    Some(_) => return Err(refuse()),
                    None => {
                        let name = open(model, statement, text, unit).ok_or_else(refuse)?;
                        opened.insert(statement, (text.to_string(), name.clone()));
                        name
                    }
                }
            }
            _ => return Err(refuse()),
        };
        if use_.kind == ENGINE {
            unit.edit(Edit::replace(use_.range, name.clone()));
        }
        unit.edit(Edit::surround(
            call.range(),
            format!("{name}.run_sync(lambda {name}: "),
            ")",
            Layer::Wrap,
        ));
        unit.await_(call)?;
    }
    Ok(())
}

/// Opens a connection round a statement: its name.
fn open<'a>(
    model: &Model<'a>,
    statement: NodeId,
    engine: &str,
    unit: &mut UnitBuilder<'a, '_>,
) -> Option<String> {
    let is_simple = matches!(
        model.nodes.get(statement),
        AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtAssign(_)
            | AnyNodeRef::StmtAnnAssign(_)
            | AnyNodeRef::StmtReturn(_)
            | AnyNodeRef::StmtAssert(_)
    );
    if !is_simple {
        return None;
    }
    let name = model.free_name("conn", statement, &[]);
    let header = colour::async_with_header(&format!("{engine}.connect() as {name}"));
    unit.edits(model.wrap_statements(statement, statement, &header)?);
    Some(name)
}

/// The call that gives what needs the engine no more: of a method of an inspector, or of the function itself.
fn whole<'a>(model: &Model<'a>, value: NodeId) -> Option<&'a ExprCall> {
    let taker = model
        .nodes
        .ancestors(value)
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::ExprCall(call) => Some(call),
            _ => None,
        })?;
    let is_inspector = model
        .meaning(&taker.func)
        .path()
        .is_some_and(|path| path.ends_with(".inspect"));
    if !is_inspector {
        return Some(taker);
    }
    let AnyNodeRef::ExprAttribute(method) = model.nodes.parent_node(model.id(taker)) else {
        return None;
    };
    match model.nodes.parent_node(model.id(method)) {
        AnyNodeRef::ExprCall(call) if matches!(call.func.as_ref(), Expr::Attribute(own) if own.range() == method.range()) => {
            Some(call)
        }
        _ => None,
    }
}

/// Whether an expression means the same in a lambda that is called at once: it awaits and binds nothing, and uses no other
/// object of the library.
fn is_movable(model: &Model<'_>, part: &Part, node: NodeId, value: NodeId) -> bool {
    !model.has_comment(model.nodes.range(node))
        && model
            .nodes
            .subtree(node)
            .all(|at| match model.nodes.get(at) {
                AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::ExprNamed(_) => false,
                AnyNodeRef::Comprehension(clause) => !clause.is_async,
                _ => at == value || !part.is_value(at),
            })
}
