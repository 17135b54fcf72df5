//! Responses: those that are streamed are read asynchronously; the others only have to be closed by another name.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall};
use ruff_text_size::Ranged;

use super::{members, reasons};
use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::flow::{Use, UseKind};
use crate::semantic::{NodeId, literal};

/// Rewrites the uses of a response that is read when it comes: of `await client.get(...)`.
pub fn plain<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let flow = context.model.follow(&[context.model.id(call)], false);
    for use_ in &flow.uses {
        if let UseKind::Method { attribute, call } = use_.kind
            && attribute.attr.as_str() == "close"
        {
            unit.edit(Edit::replace(attribute.attr.range(), "aclose"));
            unit.await_(call)?;
        }
    }
    Ok(())
}

/// Rewrites the uses of a streamed response: of what `client.stream(...)` gives in its block, or `send(stream=True)`.
pub fn streamed<'a, 'c>(
    context: &Context<'a, 'c>,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let flow = model.follow(&[model.id(call)], true);
    for use_ in &flow.uses {
        one(context, use_, unit)?;
    }
    Ok(())
}

fn one<'a, 'c>(
    context: &Context<'a, 'c>,
    use_: &Use<'a>,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let range = model.nodes.range(use_.node);
    match use_.kind {
        UseKind::Method { attribute, call } => method(context, attribute, call, unit),
        UseKind::Attribute(attribute) => match attribute.attr.as_str() {
            "iter_bytes" | "iter_lines" | "iter_raw" | "iter_text" | "read" | "close" => {
                Err(Refusal::at(&reasons::STREAM_ITERATOR, attribute.range()))
            }
            _ => Ok(()),
        },
        UseKind::Argument { call, .. } => {
            let meaning = model.meaning(&call.func);
            match meaning.path() {
                Some(
                    "builtins.print" | "builtins.repr" | "builtins.str" | "builtins.isinstance",
                ) => Ok(()),
                _ => Err(Refusal::at(&reasons::STREAM, range)),
            }
        }
        UseKind::With { .. }
        | UseKind::AttributeStore(_)
        | UseKind::Truth
        | UseKind::IsNone
        | UseKind::Compared
        | UseKind::Formatted
        | UseKind::Deleted
        | UseKind::Discarded => Ok(()),
        _ => Err(Refusal::at(&reasons::STREAM, range)),
    }
}

fn method<'a, 'c>(
    context: &Context<'a, 'c>,
    attribute: &'a ExprAttribute,
    call: &'a ExprCall,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let name = attribute.attr.as_str();
    let awaited = match name {
        "read" => Some("aread"),
        "close" => Some("aclose"),
        _ => None,
    };
    if let Some(awaited) = awaited {
        unit.edit(Edit::replace(attribute.attr.range(), awaited));
        return unit.await_(call);
    }
    let Some(other) = members::iterator(name) else {
        return Ok(());
    };
    unit.edit(Edit::replace(attribute.attr.range(), other));
    let model = context.model;
    let node = model.id(call);
    let is = |expr: &Expr| model.id(expr) == node;
    match model.nodes.parent_node(node) {
        AnyNodeRef::StmtFor(for_) if is(&for_.iter) && !for_.is_async => unit.async_for(for_),
        AnyNodeRef::Comprehension(clause) if is(&clause.iter) && !clause.is_async => {
            unit.async_for(clause)
        }
        _ if crate::colour::is_collected(model, node) => unit.collect(call),
        _ => Err(Refusal::at(&reasons::STREAM_ITERATOR, call.range())),
    }
}

/// Whether a call of `send` asks for a stream.
pub fn is_streamed(call: &ExprCall) -> bool {
    literal::keyword(call, "stream")
        .is_some_and(|keyword| literal::boolean(&keyword.value) != Some(false))
}

/// Whether a call is entered by a `with` statement: the statement and the 0-based item.
pub fn entered(context: &Context<'_, '_>, call: NodeId) -> Option<(NodeId, usize)> {
    let model = context.model;
    let item = model.nodes.parent(call);
    let AnyNodeRef::WithItem(found) = model.nodes.get(item) else {
        return None;
    };
    let statement = model.nodes.parent(item);
    match model.nodes.get(statement) {
        AnyNodeRef::StmtWith(with) if !with.is_async => {
            let number = with
                .items
                .iter()
                .position(|other| other.range() == found.range())?;
            Some((statement, number))
        }
        _ => None,
    }
}
