//! `for chunk in iter(lambda: f.read(n), b"")` -> `while (chunk := await f.read(n)) != b"":`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtFor};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::{Handle, reasons};
use crate::codemod::{Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::flow::{Use, UseKind};
use crate::semantic::reaching::Reaching;
use crate::semantic::{Model, NodeId};

/// An `iter` with a sentinel over a method of the handle.
pub struct Sentinel<'a> {
    /// The name of the handle.
    name: NodeId,
    iterator: &'a ExprCall,
    /// The call or the method: `f.read(n)` in a lambda, `f.readline` itself, `f.read` of a `partial`.
    callee: TextRange,
    /// The arguments of a `partial`; `None` where the callee is a call already.
    arguments: Option<&'a [Expr]>,
}

/// The `iter(..., sentinel)` that a use of the handle stands in.
pub fn find<'a>(model: &Model<'a>, use_: &Use<'a>) -> Option<Sentinel<'a>> {
    match use_.kind {
        UseKind::Method { call, .. } => {
            let parent = model.nodes.parent(model.id(call));
            let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(parent) else {
                return None;
            };
            if lambda.parameters.is_some() || lambda.body.range() != call.range() {
                return None;
            }
            Some(Sentinel {
                name: use_.node,
                iterator: iterator(model, parent)?,
                callee: call.range(),
                arguments: None,
            })
        }
        UseKind::Attribute(attribute) => {
            let node = model.id(attribute);
            if let Some(iterator) = iterator(model, node) {
                return Some(Sentinel {
                    name: use_.node,
                    iterator,
                    callee: attribute.range(),
                    arguments: Some(&[]),
                });
            }
            let partial = first_argument_of(model, node)?;
            if model.meaning(&partial.func).path() != Some("functools.partial")
                || !partial.arguments.keywords.is_empty()
            {
                return None;
            }
            Some(Sentinel {
                name: use_.node,
                iterator: iterator(model, model.id(partial))?,
                callee: attribute.range(),
                arguments: Some(&partial.arguments.args[1..]),
            })
        }
        _ => None,
    }
}

/// The call of which this is the first positional argument.
fn first_argument_of<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    let arguments = model.nodes.parent(node);
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(arguments) else {
        return None;
    };
    let first = call.arguments.args.first()?;
    (model.id(first) == node).then_some(call)
}

/// The `iter(this, sentinel)`.
fn iterator<'a>(model: &Model<'a>, node: NodeId) -> Option<&'a ExprCall> {
    let call = first_argument_of(model, node)?;
    (model.meaning(&call.func).path() == Some("builtins.iter")
        && call.arguments.args.len() == 2
        && call.arguments.keywords.is_empty())
    .then_some(call)
}

/// Turns the loop over it into a `while`.
pub fn convert<'a>(
    handle: &Handle<'a, '_, '_>,
    unit: &mut UnitBuilder<'_, '_>,
    found: &Sentinel<'a>,
) -> Result<(), Refusal> {
    let model = handle.context.model;
    let iterator = found.iterator;
    let refusal = || Refusal::at(&reasons::SENTINEL, iterator.range());
    let AnyNodeRef::StmtFor(for_) = model.nodes.parent_node(model.id(iterator)) else {
        return Err(refusal());
    };
    let sentinel = &iterator.arguments.args[1];
    // What is read once before is read in every turn now.
    let is_kept = |name: NodeId| {
        model.scopes.symbol_of(name).is_some_and(|symbol| {
            let bindings = &model.scopes.symbol(symbol).bindings;
            !bindings.iter().any(|&binding| {
                for_.range()
                    .contains_range(model.scopes.binding(binding).range)
            })
        })
    };
    let is_constant = |expr: &Expr| {
        matches!(
            expr,
            Expr::StringLiteral(_)
                | Expr::BytesLiteral(_)
                | Expr::NumberLiteral(_)
                | Expr::NoneLiteral(_)
        ) || expr.is_name_expr() && is_kept(model.id(expr))
    };
    let header = TextRange::new(for_.start(), for_.iter.end());
    if for_.is_async
        || !for_.target.is_name_expr()
        || model.parenthesized_range(for_.iter.as_ref().into()) != for_.iter.range()
        || !is_kept(found.name)
        || !is_constant(sentinel)
        || !found.arguments.unwrap_or_default().iter().all(is_constant)
        || model.has_comment(header)
        || is_read_outside(model, for_)
    {
        return Err(refusal());
    }
    handle.may_suspend(unit, model.id(for_))?;
    let mut pieces = vec![
        Piece::text("while ("),
        Piece::Source(for_.target.range()),
        Piece::text(format!(" := {}", colour::awaited(""))),
        Piece::Source(found.callee),
    ];
    if let Some(arguments) = found.arguments {
        pieces.push(Piece::text("("));
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                pieces.push(Piece::text(", "));
            }
            pieces.push(Piece::Source(argument.range()));
        }
        pieces.push(Piece::text(")"));
    }
    // What a file gives is `None` or has a plain `==`.
    let differs = if sentinel.is_none_literal_expr() {
        ") is not "
    } else {
        ") != "
    };
    pieces.push(Piece::text(differs));
    pieces.push(Piece::Source(sentinel.range()));
    unit.edit(Edit::pieces(header, pieces));
    unit.release(model.id(iterator.func.as_ref()));
    if let Expr::Call(partial) = &iterator.arguments.args[0] {
        unit.release(model.id(partial.func.as_ref()));
    }
    unit.runs_in(model.id(for_));
    Ok(())
}

/// Whether the loop's name is read where it holds the last chunk before, and the sentinel now.
fn is_read_outside(model: &Model<'_>, for_: &StmtFor) -> bool {
    let target = model.id(for_.target.as_ref());
    let (Some(symbol), Some(binding)) = (
        model.scopes.symbol_of(target),
        model.scopes.binding_at(target),
    ) else {
        return true;
    };
    let Some((first, last)) = for_.body.first().zip(for_.body.last()) else {
        return true;
    };
    let body = TextRange::new(first.start(), last.end());
    let mut outside = model
        .scopes
        .symbol(symbol)
        .references
        .iter()
        .filter(|&&node| !body.contains_range(model.nodes.range(node)))
        .peekable();
    if outside.peek().is_none() {
        return false;
    }
    let tracked: FxHashSet<_> = std::iter::once(symbol).collect();
    let reaching = Reaching::new(model, model.body_of(model.runner(target)), &tracked);
    outside.any(|&node| {
        reaching
            .at(node)
            .is_none_or(|bindings| bindings.contains(&binding))
    })
}
