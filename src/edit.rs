//! Edits of one file, and their rendering.
//!
//! Every edit is planned against the same baseline, so edits of different codemods compose without any order between
//! them. They form a tree: the *extent* of each is a span of the baseline, and two extents are disjoint or nested.
//! Partial overlap is an error, never resolved by order.
//!
//! - [`EditKind::Replace`] gives a span new text. The new text may carry parts of the old span along
//!   ([`Piece::Source`]), and edits that lie in such a part are applied to it: so code can be moved and edited at once.
//! - [`EditKind::Surround`] writes before and after a span (`await `, parentheses, a statement hoisted before another).
//! - [`EditKind::Hoist`] puts lines before a statement, which may take parts of it along.
//! - [`EditKind::Indent`] shifts the lines of a span by one level, and nothing else: the inside of a multi-line string
//!   is never touched.
//! - [`EditKind::Insert`] writes at a point, within a construct that it belongs to.
//! - [`EditKind::Break`] puts what follows on a line of its own (`if x: stmt`, `a; b`). Equal breaks are one.
//!
//! New text is written with `\n` and the indentation that the place has in the baseline; rendering adds the levels of
//! the enclosing [`EditKind::Indent`]s, and the line end of the file.

use std::cmp::Reverse;

use ruff_text_size::{Ranged, TextRange, TextSize};

/// A part of the text of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// New text.
    Text(String),
    /// A part of the replaced span, kept, with the edits that lie in it applied. Each byte at most once.
    Source(TextRange),
}

impl Piece {
    /// New text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Where an edit stands among others of the same extent: smaller is further outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// A compound statement put round statements.
    Block,
    /// The indentation of such a block's body.
    BlockBody,
    /// Statements put before a statement.
    Hoist,
    /// Text round an expression, outside of its `await`.
    Outer,
    /// Parentheses, `await` and `async`.
    Colour,
    /// Text round an expression, inside of its `await`.
    Wrap,
    /// The replacement of the span itself.
    Replace,
}

/// What an edit does to its extent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditKind {
    /// The extent becomes these pieces.
    Replace(Vec<Piece>),
    /// Text before and after the extent.
    Surround {
        /// Written at the start.
        before: String,
        /// Written at the end.
        after: String,
        /// Order among edits of the same extent.
        layer: Layer,
    },
    /// Pieces before the extent, a statement: new lines that may take parts of it along. A [`Piece::Source`] moves its span
    /// out of another edit of the statement, which replaces the place where it was.
    Hoist(Vec<Piece>),
    /// Every line that starts in the extent, after its first byte, moves right by one level.
    Indent,
    /// Text at a point; the extent is the construct that it belongs to.
    Insert {
        /// The point, within the extent, in bytes.
        at: TextSize,
        /// The text.
        text: String,
    },
    /// The extent (white space, `;` or nothing) becomes a line end and this indentation.
    Break {
        /// The indentation of the new line, as in the baseline.
        indent: String,
    },
}

/// One edit of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The extent, in bytes of the decoded baseline.
    pub extent: TextRange,
    /// What happens to it.
    pub kind: EditKind,
}

impl Edit {
    /// Replaces a span by new text.
    pub fn replace(extent: TextRange, text: impl Into<String>) -> Self {
        Self::pieces(extent, vec![Piece::text(text)])
    }

    /// Removes a span.
    pub fn delete(extent: TextRange) -> Self {
        Self::pieces(extent, Vec::new())
    }

    /// Replaces a span by pieces of new and old text.
    pub fn pieces(extent: TextRange, pieces: Vec<Piece>) -> Self {
        Self {
            extent,
            kind: EditKind::Replace(pieces),
        }
    }

    /// Writes at `at`, as a part of the construct `within`.
    pub fn insert(at: TextSize, within: TextRange, text: impl Into<String>) -> Self {
        Self {
            extent: within,
            kind: EditKind::Insert {
                at,
                text: text.into(),
            },
        }
    }

    /// Writes before and after a span.
    pub fn surround(
        extent: TextRange,
        before: impl Into<String>,
        after: impl Into<String>,
        layer: Layer,
    ) -> Self {
        Self {
            extent,
            kind: EditKind::Surround {
                before: before.into(),
                after: after.into(),
                layer,
            },
        }
    }

    /// The edit of a block, with text behind the block; other edits stay as they are.
    #[must_use]
    pub fn with_text_behind(mut self, text: &str) -> Self {
        if let EditKind::Surround {
            after,
            layer: Layer::Block,
            ..
        } = &mut self.kind
        {
            after.push_str(text);
        }
        self
    }

    /// Puts pieces before a statement; spans that they take along must lie in replaced ones.
    pub fn hoist(extent: TextRange, pieces: Vec<Piece>) -> Self {
        Self {
            extent,
            kind: EditKind::Hoist(pieces),
        }
    }

    /// Moves the lines that start in `extent`, after its first byte, right by one level.
    pub fn indent(extent: TextRange) -> Self {
        Self {
            extent,
            kind: EditKind::Indent,
        }
    }

    /// Puts what follows `extent` on a line of its own.
    pub fn line_break(extent: TextRange, indent: impl Into<String>) -> Self {
        Self {
            extent,
            kind: EditKind::Break {
                indent: indent.into(),
            },
        }
    }

    fn layer(&self) -> Layer {
        match &self.kind {
            EditKind::Surround { layer, .. } => *layer,
            EditKind::Hoist(_) => Layer::Hoist,
            EditKind::Indent => Layer::BlockBody,
            EditKind::Replace(_) | EditKind::Insert { .. } | EditKind::Break { .. } => {
                Layer::Replace
            }
        }
    }
}

impl Ranged for Edit {
    fn range(&self) -> TextRange {
        self.extent
    }
}

/// An edit and who wants it.
#[derive(Clone, Debug)]
pub struct Owned {
    /// The edit.
    pub edit: Edit,
    /// The unit, by its number in the plan; `None` for edits that belong to the file (imports).
    pub unit: Option<usize>,
    /// The codemod of that unit.
    pub codemod: Option<&'static str>,
}

/// Two edits that cannot both be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The unit of the edit that was there first.
    pub first: Option<usize>,
    /// The unit of the edit that does not fit.
    pub second: Option<usize>,
}

/// A piece of the result that differs from the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The span of the baseline that is replaced; empty for an insertion.
    pub range: TextRange,
    /// The new text, with the file's line ends.
    pub text: String,
    /// The codemod, where it is one.
    pub codemod: Option<&'static str>,
}

/// What rendering needs to know about the baseline.
pub struct Baseline<'a> {
    /// The decoded text.
    pub text: &'a str,
    /// Sorted spans whose line starts must not be indented: string literals that contain a line end.
    pub protected: &'a [TextRange],
    /// One level of indentation, as the file writes it.
    pub indent_unit: &'a str,
}

/// Renders edits to sorted, disjoint replacements of the baseline.
///
/// # Errors
/// The first pair of edits that overlap without nesting, or an edit inside a span that another one drops.
pub fn render(baseline: &Baseline<'_>, edits: &[Owned]) -> Result<Vec<Rendered>, Conflict> {
    let tree = Tree::build(edits)?;
    let mut renderer = Renderer {
        baseline,
        tree: &tree,
        edits,
        hoisted: edits
            .iter()
            .filter_map(|owned| match &owned.edit.kind {
                EditKind::Hoist(pieces) => Some(pieces),
                _ => None,
            })
            .flatten()
            .filter_map(|piece| match piece {
                Piece::Source(range) => Some(*range),
                Piece::Text(_) => None,
            })
            .collect(),
        out: Vec::new(),
    };
    renderer.nodes(&tree.roots, 0)?;
    Ok(merge_adjacent(renderer.out))
}

/// Applies what [`render`] returned to the text it was rendered for.
pub fn apply(text: &str, rendered: &[Rendered]) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut at = 0;
    for edit in rendered {
        let start = edit.range.start().to_usize();
        // Invariant of `render`: sorted and disjoint.
        debug_assert!(start >= at, "edits overlap");
        out.push_str(&text[at..start]);
        out.push_str(&edit.text);
        at = edit.range.end().to_usize();
    }
    out.push_str(&text[at..]);
    out
}

struct Node {
    edit: usize,
    children: Vec<usize>,
}

struct Tree {
    nodes: Vec<Node>,
    roots: Vec<usize>,
}

impl Tree {
    /// Nests the edits by extent: linear after one sort.
    fn build(edits: &[Owned]) -> Result<Self, Conflict> {
        let mut order: Vec<usize> = (0..edits.len()).collect();
        // Outer before inner, left before right; the index keeps the order of units among equals.
        order.sort_by_key(|&index| {
            let edit = &edits[index].edit;
            (
                edit.extent.start(),
                Reverse(edit.extent.end()),
                edit.layer(),
                index,
            )
        });
        let mut tree = Self {
            nodes: Vec::with_capacity(edits.len()),
            roots: Vec::new(),
        };
        let mut stack: Vec<usize> = Vec::new();
        let mut inserts: Vec<usize> = Vec::new();
        for index in order {
            let edit = &edits[index].edit;
            if matches!(edit.kind, EditKind::Insert { .. }) {
                inserts.push(index);
                continue;
            }
            while let Some(&top) = stack.last() {
                let outer = &edits[tree.nodes[top].edit].edit;
                // An empty extent at the end of another stands after it.
                if outer.extent.end() < edit.extent.end()
                    || outer.extent.end() <= edit.extent.start() && !outer.extent.is_empty()
                {
                    if outer.extent.end() > edit.extent.start() {
                        return Err(Conflict {
                            first: edits[tree.nodes[top].edit].unit,
                            second: edits[index].unit,
                        });
                    }
                    stack.pop();
                    continue;
                }
                break;
            }
            if let Some(&top) = stack.last() {
                let outer = &edits[tree.nodes[top].edit].edit;
                if outer.extent == edit.extent {
                    match (&outer.kind, &edit.kind) {
                        (EditKind::Break { indent: a }, EditKind::Break { indent: b })
                            if a == b =>
                        {
                            continue;
                        }
                        (EditKind::Replace(_) | EditKind::Break { .. }, _) => {
                            return Err(Conflict {
                                first: edits[tree.nodes[top].edit].unit,
                                second: edits[index].unit,
                            });
                        }
                        _ => {}
                    }
                }
            }
            let node = tree.nodes.len();
            tree.nodes.push(Node {
                edit: index,
                children: Vec::new(),
            });
            match stack.last() {
                Some(&top) => tree.nodes[top].children.push(node),
                None => tree.roots.push(node),
            }
            stack.push(node);
        }
        for index in inserts {
            tree.attach_insert(edits, index);
        }
        Ok(tree)
    }

    /// Hangs an insertion under the innermost edit that holds the construct it belongs to.
    fn attach_insert(&mut self, edits: &[Owned], index: usize) {
        let EditKind::Insert { at, .. } = edits[index].edit.kind else {
            return;
        };
        let within = edits[index].edit.extent;
        let mut parent: Option<usize> = None;
        loop {
            let siblings = parent.map_or(&self.roots, |node| &self.nodes[node].children);
            let after =
                siblings.partition_point(|&node| self.position(edits, node).0 <= within.start());
            // Only the last sibling that starts at or before the construct can hold it; an insertion never holds one.
            let holder = siblings[..after]
                .iter()
                .rev()
                .copied()
                .find(|&node| {
                    !matches!(
                        edits[self.nodes[node].edit].edit.kind,
                        EditKind::Insert { .. }
                    )
                })
                .filter(|&node| {
                    edits[self.nodes[node].edit]
                        .edit
                        .extent
                        .contains_range(within)
                });
            match holder {
                Some(node) => parent = Some(node),
                None => break,
            }
        }
        let node = self.nodes.len();
        self.nodes.push(Node {
            edit: index,
            children: Vec::new(),
        });
        let siblings = parent.map_or(&self.roots, |node| &self.nodes[node].children);
        // After whatever ends at the point or stands at it as an earlier insertion, before whatever starts there.
        let place = siblings.partition_point(|&sibling| {
            let (start, end) = self.position(edits, sibling);
            end <= at
                && (start < at
                    || matches!(
                        edits[self.nodes[sibling].edit].edit.kind,
                        EditKind::Insert { .. }
                    ))
        });
        match parent {
            Some(parent) => self.nodes[parent].children.insert(place, node),
            None => self.roots.insert(place, node),
        }
    }

    /// The outermost nodes below these that lie in a span which a hoist of `unit` takes along. The unit's own replacement
    /// of exactly that span is what stands in its place.
    fn collect_inside(
        &self,
        edits: &[Owned],
        nodes: &[usize],
        range: TextRange,
        unit: Option<usize>,
        found: &mut Vec<usize>,
    ) {
        for &node in nodes {
            let (start, end) = self.position(edits, node);
            let owned = &edits[self.nodes[node].edit];
            let is_place = owned.edit.extent == range
                && owned.unit == unit
                && matches!(owned.edit.kind, EditKind::Replace(_));
            if range.start() <= start && end <= range.end() && !is_place {
                found.push(node);
            } else if start <= range.end() && range.start() <= end {
                self.collect_inside(edits, &self.nodes[node].children, range, unit, found);
            }
        }
    }

    fn position(&self, edits: &[Owned], node: usize) -> (TextSize, TextSize) {
        let edit = &edits[self.nodes[node].edit].edit;
        match edit.kind {
            EditKind::Insert { at, .. } => (at, at),
            _ => (edit.extent.start(), edit.extent.end()),
        }
    }
}

struct Renderer<'a> {
    baseline: &'a Baseline<'a>,
    tree: &'a Tree,
    edits: &'a [Owned],
    /// The spans that hoists take along, in the order of the edits.
    hoisted: Vec<TextRange>,
    out: Vec<Rendered>,
}

impl Renderer<'_> {
    fn nodes(&mut self, nodes: &[usize], level: usize) -> Result<(), Conflict> {
        for &node in nodes {
            self.node(node, level)?;
        }
        Ok(())
    }

    fn node(&mut self, node: usize, level: usize) -> Result<(), Conflict> {
        let tree = self.tree;
        let Node {
            edit: index,
            children,
        } = &tree.nodes[node];
        let owned = &self.edits[*index];
        let extent = owned.edit.extent;
        match &owned.edit.kind {
            EditKind::Insert { at, text } => {
                self.emit(TextRange::empty(*at), text, level, owned.codemod)
            }
            EditKind::Break { indent } => {
                self.emit(extent, &format!("\n{indent}"), level, owned.codemod)
            }
            EditKind::Surround { before, after, .. } => {
                if !before.is_empty() {
                    self.emit(
                        TextRange::empty(extent.start()),
                        before,
                        level,
                        owned.codemod,
                    );
                }
                self.nodes(children, level)?;
                if !after.is_empty() {
                    self.emit(TextRange::empty(extent.end()), after, level, owned.codemod);
                }
            }
            EditKind::Hoist(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(new) => text.push_str(&self.dress(new, level, extent.start())),
                        Piece::Source(range) => {
                            let mut inside = Vec::new();
                            tree.collect_inside(
                                self.edits,
                                children,
                                *range,
                                owned.unit,
                                &mut inside,
                            );
                            text.push_str(&self.moved(*range, &inside, level)?);
                        }
                    }
                }
                self.out.push(Rendered {
                    range: TextRange::empty(extent.start()),
                    text,
                    codemod: owned.codemod,
                });
                self.nodes(children, level)?;
            }
            EditKind::Indent => self.indented(extent, children, level, owned.codemod)?,
            EditKind::Replace(pieces) => {
                self.check_dropped(owned, pieces, children)?;
                if keeps_order(pieces) {
                    return self.around_kept(owned, pieces, children, level);
                }
                let text = self.replacement(owned, pieces, children, level)?;
                self.out.push(Rendered {
                    range: extent,
                    text,
                    codemod: owned.codemod,
                });
            }
        }
        Ok(())
    }

    /// The children of an indented span, with one more level at each line start between them. Line starts inside a
    /// replacement are that replacement's own (its text is rendered with the level).
    fn indented(
        &mut self,
        extent: TextRange,
        children: &[usize],
        level: usize,
        codemod: Option<&'static str>,
    ) -> Result<(), Conflict> {
        let first = self.out.len();
        self.nodes(children, level + 1)?;
        let inner = self.out.split_off(first);
        let mut inner = inner.into_iter().peekable();
        for line in line_starts(self.baseline, extent) {
            while let Some(edit) =
                inner.next_if(|edit| edit.range.end() < line || edit.range.start() < line)
            {
                self.out.push(edit);
            }
            // A line start that a replacement swallows is rendered with the replacement.
            if self.out[first..]
                .last()
                .is_some_and(|edit| edit.range.end() > line)
            {
                continue;
            }
            // Lines that are dropped whole have no indentation.
            let is_dropped = inner.peek().is_some_and(|edit| {
                edit.range.start() == line
                    && edit.text.is_empty()
                    && self.baseline.text.as_bytes()[..edit.range.end().to_usize()].ends_with(b"\n")
            });
            if is_dropped {
                continue;
            }
            self.out.push(Rendered {
                range: TextRange::empty(line),
                text: self.baseline.indent_unit.to_string(),
                codemod,
            });
        }
        self.out.extend(inner);
        Ok(())
    }

    fn replacement(
        &mut self,
        owned: &Owned,
        pieces: &[Piece],
        children: &[usize],
        level: usize,
    ) -> Result<String, Conflict> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(new) => {
                    text.push_str(&self.dress(new, level, owned.edit.extent.start()))
                }
                Piece::Source(range) => {
                    let inside = self.inside(children, *range);
                    text.push_str(&self.moved(*range, &inside, level)?);
                }
            }
        }
        Ok(text)
    }

    /// A replacement that keeps parts in their order is what is written between them: the parts stay where they are, and
    /// their lines are those of the baseline.
    fn around_kept(
        &mut self,
        owned: &Owned,
        pieces: &[Piece],
        children: &[usize],
        level: usize,
    ) -> Result<(), Conflict> {
        let extent = owned.edit.extent;
        let mut at = extent.start();
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(new) => text.push_str(&self.dress(new, level, extent.start())),
                Piece::Source(range) if range.is_empty() => {}
                Piece::Source(range) => {
                    self.write(at, range.start(), &mut text, owned.codemod);
                    let inside = self.inside(children, *range);
                    self.nodes(&inside, level)?;
                    at = range.end();
                }
            }
        }
        self.write(at, extent.end(), &mut text, owned.codemod);
        Ok(())
    }

    /// Writes a text in the place of a span, unless both are empty.
    fn write(
        &mut self,
        start: TextSize,
        end: TextSize,
        text: &mut String,
        codemod: Option<&'static str>,
    ) {
        let text = std::mem::take(text);
        if start < end || !text.is_empty() {
            self.out.push(Rendered {
                range: TextRange::new(start, end),
                text,
                codemod,
            });
        }
    }

    /// Those of some nodes that stand inside of a span.
    fn inside(&self, children: &[usize], range: TextRange) -> Vec<usize> {
        let inside = children.iter().copied().filter(|&child| {
            let (start, end) = self.tree.position(self.edits, child);
            range.start() <= start && end <= range.end()
        });
        inside.collect()
    }

    /// Refuses an edit in a part that a replacement drops.
    fn check_dropped(
        &self,
        owned: &Owned,
        pieces: &[Piece],
        children: &[usize],
    ) -> Result<(), Conflict> {
        let used: usize = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(_) => 0,
                Piece::Source(range) => self.inside(children, *range).len(),
            })
            .sum();
        // What a hoist takes along is rendered there.
        let hoisted = children
            .iter()
            .filter(|&&child| {
                let (start, end) = self.tree.position(self.edits, child);
                self.hoisted
                    .iter()
                    .any(|range| range.start() <= start && end <= range.end())
            })
            .count();
        // An edit in a part that the replacement drops would be lost: that is a conflict, not a detail.
        if used + hoisted < children.len() {
            let lost = children.iter().find(|&&child| {
                let (start, end) = self.tree.position(self.edits, child);
                !pieces.iter().any(
                    |piece| matches!(piece, Piece::Source(range) if range.start() <= start && end <= range.end()),
                )
            });
            let second = lost.and_then(|&child| self.edits[self.tree.nodes[child].edit].unit);
            return Err(Conflict {
                first: owned.unit,
                second,
            });
        }
        Ok(())
    }

    /// A kept part of a replaced span: its own edits applied, its lines shifted by the enclosing levels.
    fn moved(
        &mut self,
        range: TextRange,
        children: &[usize],
        level: usize,
    ) -> Result<String, Conflict> {
        let first = self.out.len();
        self.nodes(children, level)?;
        let mut inner = self.out.split_off(first);
        if level > 0 {
            let shift = self.baseline.indent_unit.repeat(level);
            let swallowed = |line: TextSize, edits: &[Rendered]| {
                edits
                    .iter()
                    .any(|edit| edit.range.start() < line && line < edit.range.end())
            };
            let lines: Vec<Rendered> = line_starts(self.baseline, range)
                .filter(|&line| line > range.start() && !swallowed(line, &inner))
                .map(|line| Rendered {
                    range: TextRange::empty(line),
                    text: shift.clone(),
                    codemod: None,
                })
                .collect();
            inner.extend(lines);
            // What is written at a point comes before what is removed behind it.
            inner.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        }
        let mut text = String::new();
        let mut at = range.start();
        for edit in &inner {
            text.push_str(&self.baseline.text[TextRange::new(at, edit.range.start())]);
            text.push_str(&edit.text);
            at = edit.range.end();
        }
        text.push_str(&self.baseline.text[TextRange::new(at, range.end())]);
        Ok(text)
    }

    fn emit(&mut self, range: TextRange, text: &str, level: usize, codemod: Option<&'static str>) {
        let text = self.dress(text, level, range.start());
        self.out.push(Rendered {
            range,
            text,
            codemod,
        });
    }

    /// New text in the file's line ends, with `level` more levels after each line end that is followed by text.
    fn dress(&self, text: &str, level: usize, at: TextSize) -> String {
        if !text.contains('\n') {
            return text.to_string();
        }
        let line_end = line_end_near(self.baseline.text, at);
        let mut out = String::with_capacity(text.len() + 16);
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            out.push_str(line);
            if let Some(next) = lines.peek() {
                out.push_str(line_end);
                if !next.is_empty() {
                    for _ in 0..level {
                        out.push_str(self.baseline.indent_unit);
                    }
                }
            }
        }
        out
    }
}

/// The starts of the lines in `extent` that may be indented: not blank, not inside a string literal.
fn line_starts<'a>(
    baseline: &'a Baseline<'a>,
    extent: TextRange,
) -> impl Iterator<Item = TextSize> + 'a {
    let bytes = baseline.text.as_bytes();
    let start = extent.start().to_usize();
    let end = extent.end().to_usize();
    memchr::memchr_iter(b'\n', &bytes[start..end]).filter_map(move |found| {
        let line = start + found + 1;
        // The first line of an extent is placed by the text written before it.
        if line <= start || line >= end {
            return None;
        }
        let offset = TextSize::try_from(line).ok()?;
        let blank = bytes[line..]
            .iter()
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))
            .is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
        let index = baseline
            .protected
            .partition_point(|range| range.end() <= offset);
        let inside = baseline
            .protected
            .get(index)
            .is_some_and(|range| range.start() < offset);
        (!blank && !inside).then_some(offset)
    })
}

/// The line end of the line that holds `at`, or of the line before it: mixed files stay mixed.
/// Whether the parts of the baseline that a replacement keeps follow each other as they did, with no new line between them.
fn keeps_order(pieces: &[Piece]) -> bool {
    let mut end = None;
    let mut keeps = false;
    for piece in pieces {
        match piece {
            Piece::Text(text) if text.contains('\n') => return false,
            Piece::Text(_) => {}
            Piece::Source(range) if range.is_empty() => {}
            Piece::Source(range) => {
                if end.is_some_and(|end| range.start() < end) {
                    return false;
                }
                end = Some(range.end());
                keeps = true;
            }
        }
    }
    keeps
}

fn line_end_near(text: &str, at: TextSize) -> &'static str {
    let bytes = text.as_bytes();
    let at = at.to_usize().min(bytes.len());
    let newline = memchr::memchr(b'\n', &bytes[at..])
        .map(|found| at + found)
        .or_else(|| memchr::memrchr(b'\n', &bytes[..at]));
    match newline {
        Some(index) if index > 0 && bytes[index - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// Joins insertions at one point, and an insertion with the replacement that starts there, so that the result is
/// disjoint in the strict sense.
fn merge_adjacent(rendered: Vec<Rendered>) -> Vec<Rendered> {
    let mut out: Vec<Rendered> = Vec::with_capacity(rendered.len());
    for edit in rendered {
        if let Some(last) = out.last_mut()
            && last.range.end() == edit.range.start()
            && (last.range.is_empty() || edit.range.is_empty())
        {
            last.range = TextRange::new(last.range.start(), edit.range.end());
            last.text.push_str(&edit.text);
            if last.codemod != edit.codemod {
                last.codemod = last.codemod.or(edit.codemod);
            }
            continue;
        }
        out.push(edit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Baseline, Conflict, Edit, Layer, Owned, Piece, apply, render};
    use ruff_text_size::{TextRange, TextSize};

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(TextSize::new(start), TextSize::new(end))
    }

    fn run(text: &str, edits: Vec<Edit>) -> Result<String, Conflict> {
        let owned: Vec<Owned> = edits
            .into_iter()
            .enumerate()
            .map(|(unit, edit)| Owned {
                edit,
                unit: Some(unit),
                codemod: None,
            })
            .collect();
        let baseline = Baseline {
            text,
            protected: &[],
            indent_unit: "    ",
        };
        let rendered = render(&baseline, &owned)?;
        for pair in rendered.windows(2) {
            assert!(pair[0].range.end() <= pair[1].range.start(), "{rendered:?}");
        }
        Ok(apply(text, &rendered))
    }

    fn awaited(start: u32, end: u32) -> Edit {
        Edit::surround(range(start, end), "(await ", ")", Layer::Colour)
    }

    #[test]
    fn nested_calls_get_nested_awaits() {
        assert_eq!(
            run("f().g()", vec![awaited(0, 7), awaited(0, 3)]).unwrap(),
            "(await (await f()).g())"
        );
        assert_eq!(
            run("f(g(1))", vec![awaited(2, 6), awaited(0, 7)]).unwrap(),
            "(await f((await g(1))))"
        );
    }

    #[test]
    fn a_replacement_stands_inside_of_its_await() {
        let edits = vec![Edit::replace(range(0, 5), "client.get"), awaited(0, 8)];
        assert_eq!(run("a.get(u)", edits).unwrap(), "(await client.get(u))");
        let edits = vec![Edit::replace(range(0, 1), "x"), awaited(0, 1)];
        assert_eq!(run("f", edits).unwrap(), "(await x)");
    }

    #[test]
    fn moved_code_keeps_its_own_edits() {
        let edits = vec![
            Edit::pieces(
                range(0, 7),
                vec![
                    Piece::text("h("),
                    Piece::Source(range(2, 6)),
                    Piece::text(", 1)"),
                ],
            ),
            awaited(2, 6),
        ];
        assert_eq!(run("f(g(1))", edits).unwrap(), "h((await g(1)), 1)");
    }

    #[test]
    fn an_edit_in_a_dropped_part_is_a_conflict() {
        let edits = vec![Edit::replace(range(0, 7), "x"), awaited(2, 6)];
        assert_eq!(
            run("f(g(1))", edits),
            Err(Conflict {
                first: Some(0),
                second: Some(1)
            })
        );
    }

    #[test]
    fn partial_overlap_and_equal_replacements_are_conflicts() {
        let edits = vec![Edit::delete(range(0, 4)), Edit::delete(range(2, 6))];
        assert_eq!(
            run("abcdefgh", edits),
            Err(Conflict {
                first: Some(0),
                second: Some(1)
            })
        );
        let edits = vec![
            Edit::replace(range(0, 4), "x"),
            Edit::replace(range(0, 4), "x"),
        ];
        assert_eq!(
            run("abcdefgh", edits),
            Err(Conflict {
                first: Some(0),
                second: Some(1)
            })
        );
    }

    #[test]
    fn blocks_indent_their_lines_and_the_new_text_inside() {
        let text = "if x:\n    a()\n\n    b()\nc()\n";
        let block = range(10, 22);
        let edits = vec![
            Edit::surround(block, "with y:\n        ", "", Layer::Block),
            Edit::indent(block),
            Edit::surround(range(19, 22), "before()\n    ", "", Layer::Hoist),
        ];
        assert_eq!(
            run(text, edits).unwrap(),
            "if x:\n    with y:\n        a()\n\n        before()\n        b()\nc()\n"
        );
    }

    #[test]
    fn line_ends_follow_the_file() {
        let text = "a()\r\nb()\r\n";
        let edits = vec![Edit::surround(range(0, 3), "x()\n", "", Layer::Hoist)];
        assert_eq!(run(text, edits).unwrap(), "x()\r\na()\r\nb()\r\n");
    }

    #[test]
    fn insertions_stand_in_the_construct_they_belong_to() {
        // `f(u)`: the new argument goes after the await of `u`, inside the await of `f(u)`.
        let edits = vec![
            Edit::insert(TextSize::new(3), range(1, 4), ", x=1"),
            awaited(2, 3),
            awaited(0, 4),
        ];
        assert_eq!(run("f(u)", edits).unwrap(), "(await f((await u), x=1))");
    }

    #[test]
    fn a_hoist_takes_edited_code_along_and_the_colour_stays_with_the_statement() {
        // `with h(g(1)):` with `g(1)` hoisted, `with` turned async, and the `1` edited.
        let text = "with h(g(1)):\n";
        let edits = vec![
            Edit::hoist(
                range(0, 12),
                vec![
                    Piece::text("x = "),
                    Piece::Source(range(7, 11)),
                    Piece::text("\n"),
                ],
            ),
            Edit::replace(range(7, 11), "x"),
            Edit::replace(range(9, 10), "2"),
            Edit::surround(range(0, 12), "async ", "", Layer::Colour),
        ];
        let owned: Vec<Owned> = edits
            .into_iter()
            .zip([0, 0, 1, 2])
            .map(|(edit, unit)| Owned {
                edit,
                unit: Some(unit),
                codemod: None,
            })
            .collect();
        let baseline = Baseline {
            text,
            protected: &[],
            indent_unit: "    ",
        };
        let rendered = render(&baseline, &owned).unwrap();
        assert_eq!(apply(text, &rendered), "x = g(2)\nasync with h(x):\n");
    }

    #[test]
    fn strings_are_not_indented() {
        let text = "a = '''\nx'''\nb\n";
        let owned = vec![Owned {
            edit: Edit::indent(range(0, 14)),
            unit: None,
            codemod: None,
        }];
        let baseline = Baseline {
            text,
            protected: &[range(4, 12)],
            indent_unit: "\t",
        };
        let rendered = render(&baseline, &owned).unwrap();
        assert_eq!(apply(text, &rendered), "a = '''\nx'''\n\tb\n");
    }

    #[test]
    fn equal_breaks_are_one() {
        let text = "if x: a(); b()\n";
        let edits = vec![
            Edit::line_break(range(5, 6), "    "),
            Edit::line_break(range(5, 6), "    "),
        ];
        assert_eq!(run(text, edits).unwrap(), "if x:\n    a(); b()\n");
    }
}
