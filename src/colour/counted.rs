//! Loops over `enumerate`, which takes no async iterator: the loop counts by itself.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, ExprName, StmtFor};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::edit::{Edit, Piece};
use crate::semantic::{Model, NodeId, literal};

/// The `for` statement whose loop over `enumerate(VALUES)` can count by itself, where this is `VALUES`.
///
/// The count is set before the loop and goes up first thing in its body, so that `continue` skips nothing. Nothing else may
/// bind it, nor read it where the loop has not run.
pub fn counted_loop(model: &Model<'_>, values: NodeId) -> Option<NodeId> {
    let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(values) else {
        return None;
    };
    let call = model.nodes.parent(model.id(arguments));
    let AnyNodeRef::StmtFor(statement) = model.nodes.parent_node(call) else {
        return None;
    };
    let is_first = arguments
        .args
        .first()
        .is_some_and(|first| model.id(first) == values);
    let loop_ = read(model, statement)?;
    (is_first
        && model.id(statement.iter.as_ref()) == call
        && is_only_counted(model, statement, loop_.count))
    .then(|| model.id(statement))
}

/// What a loop over `enumerate` says.
struct Loop<'m> {
    count: &'m ExprName,
    item: &'m Expr,
    values: &'m Expr,
    start: i64,
}

fn read<'m>(model: &Model<'m>, statement: &'m StmtFor) -> Option<Loop<'m>> {
    let Expr::Call(ExprCall {
        func, arguments, ..
    }) = statement.iter.as_ref()
    else {
        return None;
    };
    if model.meaning(func).path() != Some("builtins.enumerate") {
        return None;
    }
    let start = match (&arguments.args[..], &arguments.keywords[..]) {
        ([_], []) => 0,
        ([_, start], []) => literal::integer(start)?,
        ([_], [start]) if start.arg.as_deref() == Some("start") => literal::integer(&start.value)?,
        _ => return None,
    };
    let Expr::Tuple(target) = statement.target.as_ref() else {
        return None;
    };
    let [Expr::Name(count), item] = &target.elts[..] else {
        return None;
    };
    Some(Loop {
        count,
        item,
        values: &arguments.args[0],
        start,
    })
}

fn is_only_counted(model: &Model<'_>, statement: &StmtFor, count: &ExprName) -> bool {
    let scopes = &model.scopes;
    let Some(binding) = scopes.binding_at(model.id(count)) else {
        return false;
    };
    let symbol = scopes.symbol(scopes.binding(binding).symbol);
    let in_body = |at: NodeId| {
        statement
            .body
            .iter()
            .any(|stmt| model.nodes.is_within(at, model.id(stmt)))
    };
    // The body begins on a line of its own, so that another one can stand before it.
    let own_lines = statement.body.first().is_some_and(|first| {
        // The colon stands behind the values.
        let header = model.line_end(statement.iter.end());
        header < first.start()
            && model
                .slice(TextRange::new(statement.iter.end(), header))
                .trim_start()
                .starts_with(':')
    });
    count.ctx == ExprContext::Store
        && own_lines
        && !model.has_comment(statement.iter.range())
        && symbol.bindings.len() == 1
        && symbol
            .references
            .iter()
            .all(|&reference| in_body(reference))
}

pub(super) fn edits(model: &Model<'_>, statement: &StmtFor) -> Option<Vec<Edit>> {
    let Loop {
        count,
        item,
        values,
        start,
    } = read(model, statement)?;
    let name = count.id.as_str();
    let indent = model.line_indent(statement.start());
    let first = statement.body.first()?;
    let inner = model.line_indent(first.start());
    let before = start.checked_sub(1)?;
    let header = TextRange::new(statement.start(), statement.iter.end());
    Some(vec![
        Edit::pieces(
            header,
            vec![
                Piece::text(format!("{name} = {before}\n{indent}async for ")),
                Piece::Source(without_parentheses(item)),
                Piece::text(" in "),
                Piece::Source(values.range()),
            ],
        ),
        Edit::insert(
            model.line_end(statement.iter.end()),
            statement.range(),
            format!("\n{inner}{name} += 1"),
        ),
    ])
}

/// A tuple as a loop's target needs no parentheses.
fn without_parentheses(item: &Expr) -> TextRange {
    let one = TextSize::new(1);
    match item {
        Expr::Tuple(tuple) if tuple.parenthesized && !tuple.is_empty() => {
            TextRange::new(tuple.start() + one, tuple.end() - one)
        }
        other => other.range(),
    }
}
