//! Values that have to be closed: entered or closed by hand, or their statements move into an `async with` block.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::rewrite::Work;
use super::values::Values;
use super::{Life, Transaction, reasons};
use crate::codemod::Refusal;
use crate::colour;
use crate::edit::{Edit, Piece};
use crate::semantic::NodeId;
use crate::semantic::flow::UseKind;

/// Sees to the end of the value that a call makes; whether it moved its statements into a block.
///
/// # Errors
/// [`reasons::NO_BLOCK`] where nothing closes it and no block can.
pub(super) fn live<'a>(
    work: &mut Work<'a, '_, '_>,
    origin: NodeId,
    life: Life,
    transaction: Option<Transaction>,
    values: &Values<'a>,
) -> Result<bool, Refusal> {
    let model = work.model;
    let flow = model.follow(&[origin], true);
    let ends = flow.uses.iter().any(|use_| match use_.kind {
        // A transaction does not close.
        UseKind::With { .. } => transaction.is_none() || use_.node == origin,
        UseKind::Method { attribute, .. } => {
            life != Life::Enter && attribute.attr.as_str() == "close"
        }
        _ => false,
    });
    if ends {
        return Ok(false);
    }
    let range = model.nodes.range(origin);
    let refuse = |detail: &str| Err(Refusal::with_detail(&reasons::NO_BLOCK, range, detail));
    match (life, transaction) {
        (Life::End, None) => return refuse("nothing closes it"),
        (Life::End, Some(Transaction::Commits)) => {
            return refuse("nothing closes it, and a block would commit what it did");
        }
        _ => {}
    }
    let statement = model.nodes.parent(origin);
    let target = match model.nodes.get(statement) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [Expr::Name(name)] => Some(name),
            _ => None,
        },
        _ => None,
    };
    let Some(target) = target else {
        return refuse("it is not assigned to one name");
    };
    let uses = || values.uses.iter().flat_map(|uses| &uses.flow.uses);
    if uses().any(|use_| use_.captured) {
        return refuse("another function uses it");
    }
    let nodes: Vec<NodeId> = std::iter::once(origin)
        .chain(uses().map(|use_| use_.node))
        .collect();
    let run = model
        .common_run(&nodes)
        .filter(|(first, last)| *first == statement && last != first);
    let Some((first, last)) = run else {
        return refuse("its uses are not in the statements that follow it");
    };
    let block = TextRange::new(
        model.nodes.range(first).start(),
        model.nodes.range(last).end(),
    );
    let runner = model.runner(origin);
    let yields = (0..model.nodes.len() as u32).map(NodeId).any(|node| {
        matches!(
            model.nodes.get(node),
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
        ) && block.contains_range(model.nodes.range(node))
            && model.runner(node) == runner
    });
    if yields {
        return refuse("a generator may be left before it is closed");
    }
    let header = colour::async_with_header(&format!("\0 as {}", target.id));
    let edits = header.split_once('\0').and_then(|(before, after)| {
        let slot = model.slot(first)?;
        let mut edits = slot.breaks;
        let (body, index) = model.suite_of(first)?;
        let (_, end) = model.suite_of(last)?;
        for at in [index, end] {
            let Some(next) = body.get(at + 1) else {
                continue;
            };
            let gap = TextRange::new(body[at].end(), next.start());
            if !model.slice(gap).contains('\n') {
                edits.push(Edit::line_break(gap, slot.indent.clone()));
            }
        }
        edits.push(Edit::pieces(
            model.nodes.range(first),
            vec![
                Piece::text(before),
                Piece::Source(range),
                Piece::text(after),
            ],
        ));
        // The header keeps its place.
        let end = model.block_range(first, last).end();
        edits.push(Edit::indent(TextRange::new(body[index].end(), end)));
        Some(edits)
    });
    let Some(edits) = edits else {
        return refuse("its statements cannot be indented");
    };
    work.unit.edits(edits);
    work.unit.runs_in(first);
    Ok(true)
}
