//! Comments that no edit carries along.
//!
//! A codemod says what becomes of code, and need not think of the comments between its tokens: those in the parts that it
//! carries along ([`Piece::Source`]) stay there, and what it drops comes back here, on lines of its own above the statement
//! that held it. So no rewrite loses a word of what people wrote. Two kinds go with the code that they are about: comments
//! that only tools read (`# type: ignore`), and the one behind a statement that goes as a whole.

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::edit::{Edit, EditKind, Layer, Owned, Piece};
use crate::semantic::{Model, NodeId, arguments};

/// The edits that put the comments back which `edits` drop. `edits` are all those of the file, because what one drops another
/// may write anew.
pub fn kept(model: &Model<'_>, edits: &[Owned]) -> Vec<Owned> {
    let mut seen: FxHashSet<TextRange> = FxHashSet::default();
    let mut kept = Vec::new();
    for owned in edits {
        let EditKind::Replace(pieces) = &owned.edit.kind else {
            continue;
        };
        let extent = owned.edit.extent;
        let lines: Vec<String> = model
            .comments_in(extent)
            .filter(|&comment| !is_carried(comment, pieces))
            .filter(|&comment| !goes_along(model, comment, extent, pieces))
            .filter(|&comment| !is_elsewhere(model, comment, extent, edits))
            .filter(|&comment| seen.insert(comment))
            .map(|comment| model.slice(comment).to_string())
            .collect();
        if lines.is_empty() {
            continue;
        }
        kept.extend(above(model, extent, &lines).into_iter().map(|edit| Owned {
            edit,
            unit: owned.unit,
            codemod: owned.codemod,
        }));
    }
    kept
}

/// Puts lines above the statement that holds an edit, or above the statements that it replaces.
fn above(model: &Model<'_>, extent: TextRange, lines: &[String]) -> Vec<Edit> {
    let replaces_statements = statements(model).any(|statement| {
        let range = model.nodes.range(statement);
        extent.contains_range(range) && extent != range
    });
    let holder = innermost(model, extent).filter(|_| !replaces_statements);
    if let Some(edits) = holder.and_then(|statement| model.hoist(statement, lines)) {
        return edits;
    }
    let code = model
        .slice(extent)
        .trim_start_matches([' ', '\t', '\x0c', '\u{feff}']);
    let indent = model.line_indent(extent.end() - TextSize::of(code));
    let starts_line = extent.start() == model.line_start(extent.start());
    let text: String = lines
        .iter()
        .map(|line| match starts_line {
            true => format!("{indent}{line}\n"),
            false => format!("{line}\n{indent}"),
        })
        .collect();
    vec![Edit::surround(extent, text, "", Layer::Hoist)]
}

fn statements<'m>(model: &'m Model<'_>) -> impl Iterator<Item = NodeId> + 'm {
    model
        .nodes
        .all()
        .filter(|&node| model.nodes.get(node).is_statement())
}

/// The innermost statement that holds a span.
fn innermost(model: &Model<'_>, span: TextRange) -> Option<NodeId> {
    statements(model)
        .filter(|&statement| model.nodes.range(statement).contains_range(span))
        .last()
}

/// Whether a comment has nothing to say once the edit is made: it is for tools, or stands behind a statement that goes.
fn goes_along(model: &Model<'_>, comment: TextRange, extent: TextRange, pieces: &[Piece]) -> bool {
    if arguments::is_pragma(model.slice(comment)) {
        return true;
    }
    let rest = TextRange::new(comment.end(), extent.end());
    let is_last = pieces.is_empty() && model.slice(rest).trim().is_empty();
    is_last
        && innermost(model, comment).is_none_or(|statement| {
            // In a simple statement it stands between brackets; in a compound one, between two statements of its body.
            matches!(
                model.nodes.get(statement),
                AnyNodeRef::StmtFunctionDef(_)
                    | AnyNodeRef::StmtClassDef(_)
                    | AnyNodeRef::StmtFor(_)
                    | AnyNodeRef::StmtWhile(_)
                    | AnyNodeRef::StmtIf(_)
                    | AnyNodeRef::StmtWith(_)
                    | AnyNodeRef::StmtMatch(_)
                    | AnyNodeRef::StmtTry(_)
            )
        })
}

fn is_carried(comment: TextRange, pieces: &[Piece]) -> bool {
    pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Source(range) if range.contains_range(comment)))
}

/// Whether a hoist takes a comment out of an edit's extent, or an edit writes it anew.
fn is_elsewhere(model: &Model<'_>, comment: TextRange, extent: TextRange, edits: &[Owned]) -> bool {
    let words = model.slice(comment);
    let writes = |pieces: &[Piece]| {
        pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Text(text) if holds(text, words)))
    };
    edits.iter().any(|owned| match &owned.edit.kind {
        EditKind::Replace(pieces) => writes(pieces),
        EditKind::Hoist(pieces) => {
            let taken = |piece: &&Piece| matches!(piece, Piece::Source(range) if extent.contains_range(*range));
            let taken: Vec<Piece> = pieces.iter().filter(taken).cloned().collect();
            writes(pieces) || is_carried(comment, &taken)
        }
        EditKind::Surround { before, after, .. } => holds(before, words) || holds(after, words),
        EditKind::Insert { text, .. } => holds(text, words),
        EditKind::Indent | EditKind::Break { .. } => false,
    })
}

/// Whether new text has a comment, and not one that only starts like it.
fn holds(text: &str, comment: &str) -> bool {
    text.match_indices(comment).any(|(at, _)| {
        let rest = &text[at + comment.len()..];
        rest.is_empty() || rest.starts_with(char::is_whitespace)
    })
}
