//! Statements as lines: how to put a statement on a line of its own, and a block round several.

use ruff_python_ast::{AnyNodeRef, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Model;
use super::nodes::NodeId;
use crate::edit::{Edit, Layer};

/// A place for new lines before a statement.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The indentation of the statement's line, once it has one of its own.
    pub indent: String,
    /// The breaks that give it one: none for a statement that starts its line.
    pub breaks: Vec<Edit>,
}

impl<'a> Model<'a> {
    /// The white space at the start of the line that holds `at`.
    pub fn line_indent(&self, at: TextSize) -> &'a str {
        let line = self.line_start(at);
        let rest = &self.text[line.to_usize()..];
        let rest = rest.strip_prefix('\u{feff}').unwrap_or(rest);
        &rest[..rest.len() - rest.trim_start_matches([' ', '\t', '\x0c']).len()]
    }

    /// The start of the line that holds `at`.
    pub fn line_start(&self, at: TextSize) -> TextSize {
        let before = &self.text.as_bytes()[..at.to_usize()];
        memchr::memrchr(b'\n', before)
            .map_or(TextSize::new(0), |found| TextSize::new(found as u32 + 1))
    }

    /// The end of the line that holds `at`, before its line end.
    pub fn line_end(&self, at: TextSize) -> TextSize {
        let rest = &self.text[at.to_usize()..];
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        at + TextSize::of(line.trim_end_matches('\r'))
    }

    /// Whether nothing but a comment behind it stands on the lines of a statement.
    pub fn is_alone_on_its_lines(&self, statement: NodeId) -> bool {
        let range = self.nodes.range(statement);
        let lead = TextRange::new(self.line_start(range.start()), range.start());
        let rest = TextRange::new(range.end(), self.line_end(range.end()));
        let tail = self.slice(rest).trim_start_matches([' ', '\t', '\x0c']);
        let is_alone = self
            .slice(lead)
            .trim_start_matches('\u{feff}')
            .trim_matches([' ', '\t', '\x0c'])
            .is_empty()
            && (tail.is_empty() || tail.starts_with('#'));
        // A line that goes on from the one before is none of its own.
        let before = self.text[..lead.start().to_usize()].trim_end_matches(['\n', '\r']);
        is_alone && !before.ends_with('\\') && self.suite_of(statement).is_some()
    }

    /// Drops a statement with its lines and the comment behind it. `None` where it shares them with others, or is the only
    /// one of its body.
    pub fn drop_statement(&self, statement: NodeId) -> Option<Edit> {
        let (body, _) = self.suite_of(statement)?;
        if body.len() < 2 || !self.is_alone_on_its_lines(statement) {
            return None;
        }
        Some(Edit::delete(self.lines_to_drop(statement)?))
    }

    /// The lines of a statement that goes, with their line ends. Inside of a definition, blank lines behind it go as well where
    /// the body would begin with them, or where others stand before it.
    fn lines_to_drop(&self, statement: NodeId) -> Option<TextRange> {
        let (body, index) = self.suite_of(statement)?;
        let range = self.nodes.range(statement);
        let start = self.line_start(range.start());
        let mut end = self.next_line(range.end());
        let before =
            self.text[..start.to_usize()].trim_end_matches([' ', '\t', '\r', '\n', '\x0c']);
        let gap = &self.text[before.len()..start.to_usize()];
        let is_after_blank = memchr::memchr_iter(b'\n', gap.as_bytes()).count() > 1;
        let is_module = matches!(self.nodes.parent_node(statement), AnyNodeRef::ModModule(_));
        if !is_module && index + 1 < body.len() && (index == 0 || is_after_blank) {
            while end.to_usize() < self.text.len() {
                let line = TextRange::new(end, self.line_end(end));
                if !self.slice(line).trim().is_empty() {
                    break;
                }
                end = self.next_line(end);
            }
        }
        Some(TextRange::new(start, end))
    }

    /// The start of the line behind the one of an offset.
    fn next_line(&self, at: TextSize) -> TextSize {
        let end = self.line_end(at);
        let rest = &self.text[end.to_usize()..];
        let line_end = rest.len() - rest.trim_start_matches('\r').len();
        let line_end = line_end + usize::from(rest[line_end..].starts_with('\n'));
        end + TextSize::new(line_end as u32)
    }

    /// A place for lines before a statement. `None` where the statement is in no body (never, for a parsed file).
    pub fn slot(&self, stmt: NodeId) -> Option<Slot> {
        let start = self.nodes.range(stmt).start();
        let line = self.line_start(start);
        let lead = self
            .slice(TextRange::new(line, start))
            .trim_start_matches('\u{feff}');
        if lead.trim_matches([' ', '\t', '\x0c']).is_empty() {
            return Some(Slot {
                indent: lead.to_string(),
                breaks: Vec::new(),
            });
        }
        let (body, index) = self.suite_of(stmt)?;
        let parent = self.nodes.parent_node(stmt);
        let first = body.first()?;
        // `a; b` on a line of its own, or `if x: a; b` on the line of its header.
        let first_line = self.line_start(first.start());
        let inline = !self
            .slice(TextRange::new(first_line, first.start()))
            .trim_matches([' ', '\t', '\x0c', '\u{feff}'])
            .is_empty();
        let mut breaks = Vec::new();
        let indent = if inline && !matches!(parent, AnyNodeRef::ModModule(_)) {
            let indent = format!("{}{}", self.line_indent(parent.start()), self.indent_unit());
            let colon = self.end_of_previous_token(first.start())?;
            breaks.push(Edit::line_break(
                TextRange::new(colon, first.start()),
                indent.clone(),
            ));
            indent
        } else {
            self.line_indent(start).to_string()
        };
        if index > 0 {
            let gap = TextRange::new(body[index - 1].end(), start);
            if !self.slice(gap).contains('\n') {
                breaks.push(Edit::line_break(gap, indent.clone()));
            }
        }
        Some(Slot { indent, breaks })
    }

    fn end_of_previous_token(&self, at: TextSize) -> Option<TextSize> {
        self.tokens()
            .before(at)
            .iter()
            .rev()
            .find(|token| !token.kind().is_trivia())
            .map(Ranged::end)
    }

    /// The span of the statements `first..=last` of one body as a block: with the comments that belong to the last one.
    pub fn block_range(&self, first: NodeId, last: NodeId) -> TextRange {
        let start = self.nodes.range(first).start();
        let indent = self.line_indent(start).len();
        let mut end = self.nodes.range(last).end();
        // Comment lines that are indented deeper than the block belong to its last statement.
        let mut at = end.to_usize();
        while let Some(found) = memchr::memchr(b'\n', &self.text.as_bytes()[at..]) {
            let line = at + found + 1;
            let rest = &self.text[line..];
            let content = rest.trim_start_matches([' ', '\t']);
            let width = rest.len() - content.len();
            if content.starts_with('#') && width > indent {
                at = line + rest.find('\n').unwrap_or(rest.len());
                // The newline itself stays outside.
                let comment = self.text[line..at].trim_end_matches('\r').len();
                end = TextSize::new((line + comment) as u32);
            } else if content.starts_with(['\n', '\r']) {
                at = line;
            } else {
                break;
            }
        }
        TextRange::new(start, end)
    }

    /// Puts the statements `first..=last` of one body into a block: `header` is its first line, without the line end.
    pub fn wrap_statements(&self, first: NodeId, last: NodeId, header: &str) -> Option<Vec<Edit>> {
        let slot = self.slot(first)?;
        let extent = self.block_range(first, last);
        let mut edits = slot.breaks;
        let (body, index) = self.suite_of(last)?;
        if let Some(next) = body.get(index + 1) {
            let gap = TextRange::new(self.nodes.range(last).end(), next.start());
            if !self.slice(gap).contains('\n') {
                edits.push(Edit::line_break(gap, slot.indent.clone()));
            }
        }
        let before = format!("{header}\n{}{}", slot.indent, self.indent_unit());
        edits.push(Edit::surround(extent, before, "", Layer::Block));
        edits.push(Edit::indent(extent));
        Some(edits)
    }

    /// The blank lines before a statement; `None` where it is the first of its body.
    pub fn blank_lines_before(&self, statement: NodeId) -> Option<usize> {
        let (_, index) = self.suite_of(statement)?;
        if index == 0 {
            return None;
        }
        let start = self.line_start(self.nodes.range(statement).start());
        let before = &self.text[..start.to_usize()];
        let blank = before
            .lines()
            .rev()
            .take_while(|line| line.trim().is_empty());
        Some(blank.count())
    }

    /// Puts lines before a statement, each without indentation and line end.
    pub fn hoist(&self, stmt: NodeId, lines: &[String]) -> Option<Vec<Edit>> {
        let slot = self.slot(stmt)?;
        let mut edits = slot.breaks;
        let mut before = String::new();
        let blank = match edits.is_empty() && !slot.indent.is_empty() {
            true => lines.iter().take_while(|line| line.is_empty()).count(),
            false => 0,
        };
        let (blank, lines) = lines.split_at(blank);
        if !blank.is_empty() {
            // Before the indentation of the statement, which would stand alone on the blank line.
            let at = self.line_start(self.nodes.range(stmt).start());
            edits.push(Edit::insert(
                at,
                TextRange::empty(at),
                "\n".repeat(blank.len()),
            ));
        }
        for (index, line) in lines.iter().enumerate() {
            before.push_str(line);
            before.push('\n');
            // A blank line has no blanks.
            if lines.get(index + 1).is_none_or(|next| !next.is_empty()) {
                before.push_str(&slot.indent);
            }
        }
        edits.push(Edit::surround(
            self.nodes.range(stmt),
            before,
            "",
            Layer::Hoist,
        ));
        Some(edits)
    }

    /// Puts lines behind a statement, each without indentation and line end. A comment on its last line stays there.
    pub fn append(&self, stmt: NodeId, lines: &[String]) -> Option<Vec<Edit>> {
        let slot = self.slot(stmt)?;
        let block = self.block_range(stmt, stmt);
        // The comment lies outside of all blocks that end with the statement: it is written anew.
        let rest = TextRange::new(block.end(), self.line_end(block.end()));
        let comment = self.slice(rest);
        let has_comment = comment.trim_start().starts_with('#');
        let mut edits = slot.breaks;
        let mut after = String::new();
        if has_comment {
            after.push_str(comment.trim_end());
            edits.push(Edit::delete(rest));
        }
        for line in lines {
            after.push('\n');
            // A blank line has no blanks.
            if !line.is_empty() {
                after.push_str(&slot.indent);
            }
            after.push_str(line);
        }
        edits.push(Edit::surround(block, "", after, Layer::Block));
        Some(edits)
    }

    /// Moves the further lines of a span left by so many columns, where they are indented that far: for code that moves out
    /// of a block or a list of arguments. Lines within string literals stay.
    pub fn dedent(&self, range: TextRange, columns: usize) -> Vec<Edit> {
        let protected = self.protected_lines();
        let breaks = memchr::memchr_iter(b'\n', self.slice(range).as_bytes());
        let lines = breaks.map(|found| range.start() + TextSize::new(found as u32 + 1));
        lines
            .filter(|&line| self.line_indent(line).len() >= columns && columns > 0)
            .filter(|&line| !protected.iter().any(|literal| literal.contains(line)))
            .map(|line| Edit::delete(TextRange::at(line, TextSize::new(columns as u32))))
            .collect()
    }

    /// Moves the further lines of a span along with its first one, which comes to stand in a line of this indentation.
    pub fn realign(&self, range: TextRange, indent: usize) -> Vec<Edit> {
        let old = self.line_indent(range.start()).len();
        let unit = self.indent_unit().len();
        if !self.slice(range).contains('\n') {
            return Vec::new();
        }
        if indent < old {
            return self.dedent(range, old - indent);
        }
        (0..(indent - old) / unit)
            .map(|_| Edit::indent(range))
            .collect()
    }

    /// Removes a statement with its line, or leaves `pass` where it is the only one of its body. `None` where it shares its
    /// line, or a comment stands on it.
    pub fn drop_or_pass(&self, stmt: NodeId) -> Option<Edit> {
        let range = self.nodes.range(stmt);
        let end = self.line_end(range.end());
        if !self.is_alone_on_its_lines(stmt) || self.has_comment(TextRange::new(range.start(), end))
        {
            return None;
        }
        let (body, _) = self.suite_of(stmt)?;
        if body.len() == 1 {
            return Some(Edit::replace(range, "pass"));
        }
        Some(Edit::delete(self.lines_to_drop(stmt)?))
    }

    /// The names that a statement list must not clash with: everything visible in a function, by scope or closure,
    /// and everything bound in the functions inside of it.
    pub fn is_free(&self, name: &str, at: NodeId) -> bool {
        let scope = self.scope_at(at);
        if self.scopes.lookup(scope, name).is_some() {
            return false;
        }
        // A builtin or a star import that is read by this name anywhere in the file.
        if self.scopes.is_unbound(name) {
            return false;
        }
        // A nested function that uses the same name for an outer one would now see ours; one that binds it is fine.
        !self
            .scopes
            .named(name)
            .iter()
            .map(|&symbol| self.scopes.symbol(symbol))
            .any(|symbol| {
                symbol.references.iter().any(|&node| {
                    self.scopes
                        .enclosing(self.scopes.scope_of(node))
                        .any(|outer| outer == scope)
                        && !self
                            .scopes
                            .enclosing(symbol.scope)
                            .any(|outer| outer == scope)
                })
            })
    }

    /// `base`, or `base_2`, `base_3` ...: the first that is free at this place and not in `taken`.
    pub fn free_name(&self, base: &str, at: NodeId, taken: &[String]) -> String {
        let mut name = base.to_string();
        let mut number = 2;
        while taken.contains(&name) || !self.is_free(&name, at) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }

    /// The statements of one body that hold these nodes: the smallest run `first..=last` that covers them all, in the
    /// innermost body common to them.
    pub fn common_run(&self, nodes: &[NodeId]) -> Option<(NodeId, NodeId)> {
        let mut paths: Vec<Vec<NodeId>> = Vec::with_capacity(nodes.len());
        for &node in nodes {
            let mut path = vec![self.statement_of(node)];
            path.extend(self.nodes.ancestors(path[0]));
            path.reverse();
            paths.push(path);
        }
        let first = paths.first()?;
        // The length of the common prefix of all paths.
        let mut common = first.len();
        for path in &paths[1..] {
            common = common.min(first.iter().zip(path).take_while(|(a, b)| a == b).count());
        }
        // Walk outwards until all paths continue with statements of one body.
        loop {
            let here: Option<Vec<NodeId>> = paths
                .iter()
                .map(|path| {
                    let from = common.min(path.len() - 1);
                    path[from..]
                        .iter()
                        .copied()
                        .find(|&node| self.nodes.get(node).is_statement())
                })
                .collect();
            if let Some(here) = here {
                let low = here.iter().copied().min()?;
                let high = here.iter().copied().max()?;
                if let (Some((body, _)), Some((other, _))) =
                    (self.suite_of(low), self.suite_of(high))
                    && std::ptr::eq(body, other)
                    && here.iter().all(|&node| self.is_in_body(node, body))
                {
                    return Some((low, high));
                }
            }
            if common == 0 {
                return None;
            }
            common -= 1;
        }
    }

    fn is_in_body(&self, stmt: NodeId, body: &'a [Stmt]) -> bool {
        self.suite_of(stmt)
            .is_some_and(|(other, _)| std::ptr::eq(other, body))
    }
}

/// The columns that an indentation takes, a tab as wide as four spaces.
pub fn width_of(indent: &str) -> usize {
    indent
        .chars()
        .map(|one| if one == '\t' { 4 } else { 1 })
        .sum()
}
