//! Comments that no edit carries along.
//!
//! A codemod says what becomes of code, and need not think of the comments between its tokens: those in the parts that it
//! carries along ([`Piece::Source`]) stay there, and what it drops comes back here, on lines of its own above the statement
//! that held it. So no rewrite loses a word of what people wrote. Two kinds go with the code that they are about: comments
//! that only tools read (`# type: ignore`), and the one behind a statement that goes as a whole.

use std::cell::LazyCell;

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::edit::{Edit, EditKind, Layer, Owned, Piece};
use crate::semantic::{Model, NodeId, arguments};

/// The edits that put the comments back which `edits` drop. `edits` are all those of the file, because what one drops another
/// may write anew.
pub fn kept(model: &Model<'_>, edits: &[Owned]) -> Vec<Owned> {
    // Hardly any edit drops one: then nothing more is looked at.
    let view = LazyCell::new(|| View::new(model, edits));
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
            .filter(|&comment| !view.goes_along(comment, extent, pieces))
            .filter(|&comment| !view.is_elsewhere(comment, extent))
            .filter(|&comment| seen.insert(comment))
            .map(|comment| model.slice(comment).to_string())
            .collect();
        if lines.is_empty() {
            continue;
        }
        let above = view.above(extent, &lines);
        kept.extend(above.into_iter().map(|edit| Owned {
            edit,
            unit: owned.unit,
            codemod: owned.codemod,
        }));
    }
    kept
}

/// What is asked of a file and its edits.
struct View<'m, 'a> {
    model: &'m Model<'a>,
    /// The statements, by their start; outer ones first.
    statements: Vec<NodeId>,
    /// New text that may hold comments.
    written: Vec<&'m str>,
    /// The parts that hoists take along.
    hoisted: Vec<TextRange>,
}

impl<'m, 'a> View<'m, 'a> {
    fn new(model: &'m Model<'a>, edits: &'m [Owned]) -> Self {
        let mut written = Vec::new();
        let mut hoisted = Vec::new();
        for owned in edits {
            match &owned.edit.kind {
                EditKind::Replace(pieces) | EditKind::Hoist(pieces) => {
                    let is_hoist = matches!(owned.edit.kind, EditKind::Hoist(_));
                    for piece in pieces {
                        match piece {
                            Piece::Text(text) => written.push(text.as_str()),
                            Piece::Source(range) if is_hoist => hoisted.push(*range),
                            Piece::Source(_) => {}
                        }
                    }
                }
                EditKind::Surround { before, after, .. } => {
                    written.extend([before.as_str(), after.as_str()]);
                }
                EditKind::Insert { text, .. } => written.push(text),
                EditKind::Indent | EditKind::Break { .. } => {}
            }
        }
        written.retain(|text| text.contains('#'));
        Self {
            model,
            statements: model
                .nodes
                .all()
                .filter(|&node| model.nodes.get(node).is_statement())
                .collect(),
            written,
            hoisted,
        }
    }

    /// Puts lines above the statement that holds an edit, or above the statements that it replaces.
    fn above(&self, extent: TextRange, lines: &[String]) -> Vec<Edit> {
        let model = self.model;
        let first = self.first_from(extent.start());
        let replaces_statements = self.statements[first..]
            .iter()
            .map(|&statement| model.nodes.range(statement))
            .take_while(|range| range.start() < extent.end())
            .any(|range| extent.contains_range(range) && extent != range);
        let holder = self.innermost(extent).filter(|_| !replaces_statements);
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

    /// The number of the first statement that starts at a place or behind it.
    fn first_from(&self, at: TextSize) -> usize {
        let starts = |&node: &NodeId| self.model.nodes.range(node).start() < at;
        self.statements.partition_point(starts)
    }

    /// The innermost statement that holds a span.
    fn innermost(&self, span: TextRange) -> Option<NodeId> {
        let nodes = &self.model.nodes;
        let starts = |&node: &NodeId| nodes.range(node).start() <= span.start();
        let before = self.statements.partition_point(starts);
        let nearest = *self.statements.get(before.checked_sub(1)?)?;
        std::iter::once(nearest)
            .chain(nodes.ancestors(nearest))
            .find(|&at| nodes.get(at).is_statement() && nodes.range(at).contains_range(span))
    }

    /// Whether a comment has nothing to say once the edit is made: it is for tools, or stands behind a statement that goes.
    fn goes_along(&self, comment: TextRange, extent: TextRange, pieces: &[Piece]) -> bool {
        let model = self.model;
        if arguments::is_pragma(model.slice(comment)) {
            return true;
        }
        let rest = TextRange::new(comment.end(), extent.end());
        let is_last = pieces.is_empty() && model.slice(rest).trim().is_empty();
        is_last
            && self.innermost(comment).is_none_or(|statement| {
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

    /// Whether a hoist takes a comment out of an edit's extent, or an edit writes it anew.
    fn is_elsewhere(&self, comment: TextRange, extent: TextRange) -> bool {
        let words = self.model.slice(comment);
        let is_taken =
            |range: &TextRange| extent.contains_range(*range) && range.contains_range(comment);
        self.hoisted.iter().any(is_taken) || self.written.iter().any(|text| holds(text, words))
    }
}

fn is_carried(comment: TextRange, pieces: &[Piece]) -> bool {
    pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Source(range) if range.contains_range(comment)))
}

/// Whether new text has a comment, and not one that only starts like it.
fn holds(text: &str, comment: &str) -> bool {
    text.match_indices(comment).any(|(at, _)| {
        let rest = &text[at + comment.len()..];
        rest.is_empty() || rest.starts_with(char::is_whitespace)
    })
}
