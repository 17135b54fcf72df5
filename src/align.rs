//! Lines that are aligned with an opening bracket stay so when the code before the bracket grows or shrinks:
//!
//! ```python
//! await client.get(url,
//!                  timeout=10)
//! ```
//!
//! So do those of code that moves onto the line of other code. PEP 8 calls that a visual indent. Other lines inside of brackets (a hanging indent) move only where the line of their
//! bracket does.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::edit::Rendered;
use crate::semantic::Model;

/// A bracket that is open.
struct Open {
    at: TextSize,
    /// Whether something stands behind it on its line.
    is_visual: bool,
}

/// Adds the white space that the continuation lines of changed lines need. `rendered` is sorted and disjoint, and so is
/// the result. `protected` are the sorted spans of lines that no white space may change: those of strings.
pub fn continuation_lines(
    model: &Model<'_>,
    protected: &[TextRange],
    rendered: Vec<Rendered>,
) -> Vec<Rendered> {
    let mut aligner = Aligner {
        text: model.text,
        rendered: &rendered,
        moved: FxHashMap::default(),
    };
    let mut open: Vec<Open> = Vec::new();
    let mut added: Vec<(TextSize, isize)> = Vec::new();
    let mut is_first = false;
    let mut in_string = 0_usize;
    let tokens = model.tokens();
    for (number, token) in tokens.iter().enumerate() {
        match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => in_string += 1,
            TokenKind::FStringEnd | TokenKind::TStringEnd => in_string -= 1,
            _ => {}
        }
        if token.kind() == TokenKind::NonLogicalNewline {
            is_first = !open.is_empty();
            continue;
        }
        let is_closing = matches!(
            token.kind(),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace
        );
        if std::mem::take(&mut is_first)
            && in_string == 0
            && let Some(bracket) = open.last()
        {
            let line = model.line_start(token.start());
            let at = protected.partition_point(|range| range.end() <= line);
            let is_inside = protected.get(at).is_some_and(|range| range.contains(line));
            let by = match is_inside {
                true => 0,
                false => aligner.shift(line, token.start(), bracket, is_closing),
            };
            if by != 0 {
                added.push((line, by));
            }
        }
        match token.kind() {
            _ if in_string > 0 => {}
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                let next = tokens.get(number + 1).map(|token| token.kind());
                open.push(Open {
                    at: token.start(),
                    is_visual: !matches!(
                        next,
                        Some(TokenKind::NonLogicalNewline | TokenKind::Comment) | None
                    ),
                });
            }
            _ if is_closing => {
                open.pop();
            }
            _ => {}
        }
    }
    merge(rendered, &added)
}

struct Aligner<'a> {
    text: &'a str,
    rendered: &'a [Rendered],
    /// How far lines move that begin inside of brackets, beyond what is rendered: by their starts.
    moved: FxHashMap<TextSize, isize>,
}

impl Aligner<'_> {
    /// How far a line must move beyond what is rendered; its first token stands at `first`.
    fn shift(
        &mut self,
        line: TextSize,
        first: TextSize,
        bracket: &Open,
        is_closing: bool,
    ) -> isize {
        let of = self.line_start(bracket.at);
        let by = self
            .wanted(line, first, of, bracket, is_closing)
            .unwrap_or(0);
        // What is written into the white space itself would overlap what is taken from it.
        let written = self
            .rendered
            .partition_point(|edit| edit.range.start() <= line);
        let is_written = self
            .rendered
            .get(written)
            .is_some_and(|edit| edit.range.start() < first);
        if by == 0 || is_written {
            return 0;
        }
        self.moved.insert(line, by);
        by
    }

    fn wanted(
        &self,
        line: TextSize,
        first: TextSize,
        of: TextSize,
        bracket: &Open,
        is_closing: bool,
    ) -> Option<isize> {
        let indent = self.slice(line, first);
        let before = self.slice(of, bracket.at);
        let is_plain = indent.chars().all(|c| c == ' ') && !before.contains('\t');
        if !is_plain || self.is_replaced(line) {
            return None;
        }
        let onto = self.joined(of)?;
        let column = before.chars().count();
        let indent = indent.len();
        let is_aligned = bracket.is_visual && (indent > column || is_closing && indent == column);
        let carried = self.moved.get(&onto).copied().unwrap_or(0);
        if !is_aligned && onto == of {
            return Some(carried);
        }
        let has = self.indent_after(line, first)? as isize;
        if !is_aligned {
            let old = (self.first_of(of) - of).to_usize() as isize;
            let by = self.indent_of_result(onto) as isize + carried - old;
            return Some((indent as isize + by).max(0) - has);
        }
        let after = self.column_after(onto, bracket.at)? as isize + carried;
        // Never left of the margin.
        Some((indent as isize + after - column as isize).max(0) - has)
    }

    /// Whether a line starts inside of something that is replaced.
    fn is_replaced(&self, line: TextSize) -> bool {
        let at = self
            .rendered
            .partition_point(|edit| edit.range.end() <= line);
        self.rendered
            .get(at)
            .is_some_and(|edit| edit.range.start() < line)
    }

    /// The line that a line goes on in the result, where what is replaced takes the end of the one above: itself if nothing
    /// does. `None` where new lines are written there.
    fn joined(&self, mut line: TextSize) -> Option<TextSize> {
        while self.is_replaced(line) {
            let at = self
                .rendered
                .partition_point(|edit| edit.range.end() <= line);
            let edit = self.rendered.get(at)?;
            if edit.text.contains('\n') {
                return None;
            }
            line = self.line_start(edit.range.start());
        }
        Some(line)
    }

    /// The indentation of the line of the result that a line begins.
    fn indent_of_result(&self, line: TextSize) -> usize {
        let begun = self.result(line, self.first_of(line) + TextSize::new(1));
        let last = begun.rsplit('\n').next().unwrap_or("");
        last.len() - last.trim_start_matches(' ').len()
    }

    /// Where the white space at the start of a line ends.
    fn first_of(&self, line: TextSize) -> TextSize {
        let rest = self.text.get(line.to_usize()..).unwrap_or("");
        let white = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        line + TextSize::new(white as u32)
    }

    /// The column of the innermost bracket that is open behind this one in the result: this one, or that of the call which
    /// takes its place (`f(x)` -> `run(f, x)`).
    fn column_after(&self, line: TextSize, bracket: TextSize) -> Option<usize> {
        let result = self.result(line, bracket + TextSize::new(1));
        let result = result.rsplit('\n').next().unwrap_or("");
        let mut open: Vec<usize> = Vec::new();
        let mut quote: Option<char> = None;
        let mut escaped = false;
        for (column, c) in result.chars().enumerate() {
            match (quote, c) {
                _ if escaped => escaped = false,
                (Some(_), '\\') => escaped = true,
                (Some(mark), _) if c == mark => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '(' | '[' | '{') => open.push(column),
                (None, ')' | ']' | '}') => {
                    open.pop();
                }
                (None, _) => {}
            }
        }
        // A bracket of the lines above may close on this one.
        open.last().copied()
    }

    /// The indentation of a line in the result.
    fn indent_after(&self, line: TextSize, first: TextSize) -> Option<usize> {
        let at = self
            .rendered
            .partition_point(|edit| edit.range.end() < line);
        let mut indent = (first - line).to_usize() as isize;
        for edit in &self.rendered[at..] {
            if edit.range.start() >= first {
                break;
            }
            if edit.range.end() > first || edit.text.contains('\n') {
                return None;
            }
            if edit.range.start() >= line {
                indent += edit.text.len() as isize - edit.range.len().to_usize() as isize;
            }
        }
        usize::try_from(indent).ok()
    }

    /// The result of a part of a line.
    fn result(&self, start: TextSize, end: TextSize) -> String {
        let mut result = String::new();
        let mut at = start;
        let first = self
            .rendered
            .partition_point(|edit| edit.range.end() < start);
        for edit in &self.rendered[first..] {
            if edit.range.start() >= end {
                break;
            }
            if edit.range.start() < at {
                continue;
            }
            result.push_str(self.slice(at, edit.range.start()));
            result.push_str(&edit.text);
            at = edit.range.end();
        }
        if at < end {
            result.push_str(self.slice(at, end));
        }
        result
    }

    fn line_start(&self, at: TextSize) -> TextSize {
        let before = self.text.get(..at.to_usize()).unwrap_or("");
        let line = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |found| found + 1);
        TextSize::new(line as u32)
    }

    fn slice(&self, start: TextSize, end: TextSize) -> &str {
        self.text
            .get(start.to_usize()..end.to_usize())
            .unwrap_or("")
    }
}

/// Puts white space at the starts of lines, beside what is rendered there.
fn merge(rendered: Vec<Rendered>, added: &[(TextSize, isize)]) -> Vec<Rendered> {
    if added.is_empty() {
        return rendered;
    }
    let mut out: Vec<Rendered> = Vec::with_capacity(rendered.len() + added.len());
    let mut added = added.iter().copied().peekable();
    let white = |line: TextSize, by: isize| {
        let width = by.unsigned_abs();
        let (range, text) = match by > 0 {
            true => (TextRange::empty(line), " ".repeat(width)),
            false => (
                TextRange::at(line, TextSize::new(width as u32)),
                String::new(),
            ),
        };
        Rendered {
            range,
            text,
            codemod: None,
        }
    };
    for mut edit in rendered {
        while let Some((line, by)) = added.next_if(|(line, _)| *line < edit.range.start()) {
            out.push(white(line, by));
        }
        if let Some((_, by)) = added.next_if(|(line, _)| *line == edit.range.start()) {
            match usize::try_from(by) {
                Ok(width) => edit.text.insert_str(0, &" ".repeat(width)),
                Err(_) => {
                    // What is written there already is white space: less of it.
                    let spaces = edit.text.len() - edit.text.trim_start_matches(' ').len();
                    let drop = by.unsigned_abs().min(spaces);
                    edit.text.drain(..drop);
                    let rest = TextSize::new((by.unsigned_abs() - drop) as u32);
                    if edit.range.is_empty() {
                        edit.range = TextRange::at(edit.range.start(), rest);
                    }
                }
            }
        }
        out.push(edit);
    }
    out.extend(added.map(|(line, by)| white(line, by)));
    out
}
