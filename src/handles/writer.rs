//! `w = csv.writer(f)` -> the rows go to an `io.StringIO`, and its text to the file before the block ends.
//!
//! A csv writer drops what `write` returns, so it cannot write to an async file itself.

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr, ExprCall, Stmt, StmtWith};
use ruff_text_size::{Ranged, TextRange};

use super::{Handle, moves, reasons};
use crate::codemod::{Refusal, UnitBuilder};
use crate::colour;
use crate::edit::Edit;
use crate::semantic::flow::{Certainty, Flow, UseKind};
use crate::semantic::{Model, NodeId};
use crate::unit::ImportRequest;

/// Turns `w = csv.writer(f, ...)`; `node` is the handle.
pub(super) fn convert<'a>(
    handle: &Handle<'a, '_, '_>,
    unit: &mut UnitBuilder<'a, '_>,
    flow: &Flow<'a>,
    node: NodeId,
    call: &'a ExprCall,
) -> Result<(), Refusal> {
    let model = handle.context.model;
    let refuse = |range| Err(Refusal::at(&reasons::CSV_WRITER, range));
    if handle.is_spread
        || model.expr(node).is_none_or(|expr| !expr.is_name_expr())
        || call
            .arguments
            .args
            .first()
            .is_none_or(|first| model.id(first) != node)
    {
        return refuse(call.range());
    }
    // The block that closes the file holds the statement itself, not one of its branches.
    let stmt = model.statement_of(node);
    let AnyNodeRef::StmtAssign(assign) = model.nodes.get(stmt) else {
        return refuse(call.range());
    };
    let (AnyNodeRef::StmtWith(block), [Expr::Name(_)], true) = (
        model.nodes.parent_node(stmt),
        assign.targets.as_slice(),
        assign.value.range() == call.range(),
    ) else {
        return refuse(call.range());
    };
    let opens =
        |item: &ruff_python_ast::WithItem| handle.origins.contains(&model.id(&item.context_expr));
    if !block.items.iter().any(opens) {
        return refuse(call.range());
    }
    // Nothing else is written behind the rows.
    if let Some(other) = handle
        .own_uses(flow, node)
        .find(|use_| use_.node > node && moves(&use_.kind))
    {
        return refuse(model.nodes.range(other.node));
    }
    let rows = model.follow(&[model.id(call)], false);
    for use_ in &rows.uses {
        let range = model.nodes.range(use_.node);
        let is_known = match use_.kind {
            UseKind::Method { attribute, .. } => {
                matches!(
                    attribute.attr.as_str(),
                    "writerow" | "writerows" | "writeheader"
                )
            }
            UseKind::Attribute(attribute) => {
                matches!(attribute.attr.as_str(), "dialect" | "fieldnames")
            }
            _ => false,
        };
        if !is_known
            || use_.captured
            || use_.certainty != Certainty::Always
            || !block.range().contains_range(range)
        {
            return refuse(range);
        }
    }
    let Some((last, ends_there)) = last_statement(model, block) else {
        return refuse(call.range());
    };
    if let Some(leaves) = leaves_early(model, block, last) {
        return refuse(model.nodes.range(leaves));
    }
    if let Some(handler) = goes_on_after_error(model, block) {
        unit.unsafe_because(
            handler,
            "after an error in the block that is handled here, the rows before it are not in the file, as they were before",
        );
    }
    let name = buffer_name(model, handle.text(node), stmt);
    let missing = || Refusal::at(&reasons::CSV_WRITER, call.range());
    unit.import(ImportRequest::Module("io"), stmt)?;
    unit.edits(
        model
            .hoist(stmt, &[format!("{name} = io.StringIO(newline=\"\")")])
            .ok_or_else(missing)?,
    );
    unit.edit(Edit::replace(model.nodes.range(node), name.clone()));
    let write = colour::awaited(&format!("{}.write({name}.getvalue())", handle.text(node)));
    let edits = if ends_there {
        model.append(last, &[write])
    } else {
        model.hoist(last, &[write])
    };
    unit.edits(edits.ok_or_else(missing)?);
    unit.runs_in(node);
    Ok(())
}

/// The last statement of a block, and whether the text is written behind it: before it, if it is a `return`.
fn last_statement(model: &Model<'_>, block: &StmtWith) -> Option<(NodeId, bool)> {
    let last = block.body.last()?;
    Some((model.id(last), !matches!(last, Stmt::Return(_))))
}

/// Where the block is left before its last statement, without an error: the rows so far would be lost.
fn leaves_early(model: &Model<'_>, block: &StmtWith, last: NodeId) -> Option<NodeId> {
    let within = model.id(block);
    model
        .nodes
        .subtree(within)
        .find(|&at| match model.nodes.get(at) {
            AnyNodeRef::StmtReturn(_) => at != last && model.runner(at) == model.runner(within),
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => true,
            AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtContinue(_) => !model
                .nodes
                .ancestors(at)
                .take_while(|&outer| outer != within)
                .any(|outer| {
                    matches!(
                        model.nodes.get(outer),
                        AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
                    )
                }),
            _ => false,
        })
}

/// What may handle an error in the block, in the same function: a handler, or another context manager.
fn goes_on_after_error(model: &Model<'_>, block: &StmtWith) -> Option<TextRange> {
    let within = block.range();
    std::iter::once(model.id(block))
        .chain(model.nodes.ancestors(model.id(block)))
        .take_while(|&at| !model.nodes.get(at).is_stmt_function_def())
        .find_map(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtTry(statement) => {
                let (first, last) = statement.body.first().zip(statement.body.last())?;
                let is_inside = TextRange::new(first.start(), last.end()).contains_range(within);
                let handler = statement.handlers.first().filter(|_| is_inside)?;
                let ends = |stmt: &Stmt| matches!(stmt, Stmt::Raise(_));
                let ExceptHandler::ExceptHandler(only) = handler;
                let raises = statement.handlers.len() == 1 && only.body.last().is_some_and(ends);
                (!raises).then(|| handler.range())
            }
            AnyNodeRef::StmtWith(statement) => statement
                .items
                .iter()
                .map(|item| &item.context_expr)
                .find(|item| {
                    let Expr::Call(call) = item else { return true };
                    let name = match call.func.as_ref() {
                        Expr::Name(name) => name.id.as_str(),
                        Expr::Attribute(attribute) => attribute.attr.as_str(),
                        _ => "",
                    };
                    // A file handles no error.
                    !(name == "open"
                        || name.ends_with("TemporaryFile")
                        || name == "TemporaryDirectory")
                })
                .map(Ranged::range),
            _ => None,
        })
}

/// `buf`, or a name with that of the file where several files get rows at a time.
fn buffer_name(model: &Model<'_>, file: &str, stmt: NodeId) -> String {
    let outermost = model
        .nodes
        .ancestors(stmt)
        .take_while(|&at| !model.nodes.get(at).is_stmt_function_def())
        .filter(|&at| model.nodes.get(at).is_stmt_with())
        .last();
    let is_writer = |at: NodeId| match model.nodes.get(at) {
        AnyNodeRef::ExprCall(call) => matches!(
            model.meaning(&call.func).path(),
            Some("csv.writer" | "csv.DictWriter")
        ),
        _ => false,
    };
    let writers = outermost.map_or(1, |block| {
        model
            .nodes
            .subtree(block)
            .filter(|&at| is_writer(at))
            .count()
    });
    let base = if writers > 1 {
        format!("{file}_buf")
    } else {
        "buf".to_string()
    };
    model.free_name(&base, stmt, &[])
}
