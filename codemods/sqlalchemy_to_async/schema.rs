//! `Base.metadata.create_all(engine)` -> `await connection.run_sync(Base.metadata.create_all)`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, ExprName};
use ruff_text_size::{Ranged, TextRange};

use super::members::{CONNECTION, ENGINE};
use super::reasons;
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::{BindingKind, NodeId};

/// A call that takes an engine or a connection.
#[derive(Clone, Debug)]
pub struct Taken<'a> {
    /// The call.
    pub call: &'a ExprCall,
    /// What it takes.
    pub value: NodeId,
    /// Its other arguments.
    pub rest: Vec<TextRange>,
}

/// The call of a method of `MetaData` that is given this value.
///
/// # Errors
/// It is of something else.
pub fn taken<'a>(context: &Context<'a, '_>, value: NodeId) -> Result<Taken<'a>, Refusal> {
    let model = context.model;
    let refuse = || Refusal::at(&reasons::TAKEN, model.nodes.range(value));
    let (call, method, given) = taking_call(context, value).ok_or_else(refuse)?;
    if !is_metadata(context, &method.value) || call.arguments.args.len() > 1 {
        return Err(refuse());
    }
    if model.has_comment(call.range()) {
        return Err(Refusal::at(&reasons::COMMENT, call.range()));
    }
    let keywords = call.arguments.keywords.iter();
    let rest = keywords
        .map(Ranged::range)
        .filter(|range| *range != given)
        .collect();
    Ok(Taken { call, value, rest })
}

/// Rewrites a call of a method of `MetaData` that is given an engine or a connection of this kind.
///
/// # Errors
/// The call stands where no block can.
pub fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    value: NodeId,
    kind: usize,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let range = model.nodes.range(value);
    let refuse = || Refusal::at(&reasons::TAKEN, range);
    let Taken { call, rest, .. } = taken(context, value)?;
    let rest = rest
        .into_iter()
        .flat_map(|range| [Piece::text(", "), Piece::Source(range)]);
    if kind == CONNECTION {
        let mut pieces = vec![
            Piece::Source(range),
            Piece::text(".run_sync("),
            Piece::Source(call.func.range()),
        ];
        pieces.extend(rest);
        pieces.push(Piece::text(")"));
        unit.edit(Edit::pieces(call.range(), pieces));
        return unit.await_(call);
    }
    if kind != ENGINE {
        return Err(refuse());
    }
    let statement = model.nodes.parent(model.id(call));
    if !matches!(model.nodes.get(statement), AnyNodeRef::StmtExpr(_)) {
        return Err(refuse());
    }
    let slot = model.slot(statement).ok_or_else(refuse)?;
    let name = model.free_name("conn", statement, &[]);
    let header = colour::async_with_header(&format!("\0.begin() as {name}"));
    let (before, after) = header.split_once('\0').unwrap_or_default();
    let inner = format!("{}{}", slot.indent, model.indent_unit());
    let run = colour::awaited(&format!("{name}.run_sync("));
    let mut pieces = vec![
        Piece::text(before),
        Piece::Source(range),
        Piece::text(format!("{after}\n{inner}{run}")),
        Piece::Source(call.func.range()),
    ];
    pieces.extend(rest);
    pieces.push(Piece::text(")"));
    unit.edits(slot.breaks);
    let (body, index) = model.suite_of(statement).ok_or_else(refuse)?;
    if let Some(next) = body.get(index + 1) {
        let gap = TextRange::new(model.nodes.range(statement).end(), next.start());
        if !model.slice(gap).contains('\n') {
            unit.edit(Edit::line_break(gap, slot.indent.clone()));
        }
    }
    unit.edit(Edit::pieces(model.nodes.range(statement), pieces));
    unit.runs_in(statement);
    Ok(())
}

/// The call that takes a value, its method, and the span of the argument.
fn taking_call<'a>(
    context: &Context<'a, '_>,
    value: NodeId,
) -> Option<(&'a ExprCall, &'a ExprAttribute, TextRange)> {
    let model = context.model;
    let mut argument = value;
    if matches!(model.nodes.parent_node(argument), AnyNodeRef::Keyword(_)) {
        argument = model.nodes.parent(argument);
    }
    let call = model.nodes.parent(model.nodes.parent(argument));
    match model.nodes.get(call) {
        AnyNodeRef::ExprCall(call) => match call.func.as_ref() {
            Expr::Attribute(method) => Some((call, method, model.nodes.range(argument))),
            _ => None,
        },
        _ => None,
    }
}

/// `Base.metadata`, `metadata`, what `MetaData()` gives.
fn is_metadata(context: &Context<'_, '_>, value: &Expr) -> bool {
    match value {
        Expr::Name(name) => {
            name.id.to_ascii_lowercase().contains("meta") || is_made_metadata(context, name)
        }
        Expr::Attribute(attribute) => attribute.attr.as_str().contains("meta"),
        Expr::Call(call) => context
            .model
            .meaning(&call.func)
            .path()
            .is_some_and(|path| path.ends_with(".MetaData")),
        _ => false,
    }
}

/// Whether a name is bound to `MetaData()` alone.
fn is_made_metadata(context: &Context<'_, '_>, name: &ExprName) -> bool {
    let model = context.model;
    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
        return false;
    };
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return false;
    };
    let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
        return false;
    };
    match model.nodes.get(value) {
        AnyNodeRef::ExprCall(call) => model
            .meaning(&call.func)
            .path()
            .is_some_and(|path| path.ends_with(".MetaData")),
        _ => false,
    }
}
