//! The marker comments that `--assist` leaves where a migration is half done.
//!
//! ```python
//! # awaitify: blocked: used-as-value: `load` is async now, and is used as a value here
//! register(load)
//! ```
//!
//! A marker stands on a line of its own above the logical line that it is about (a statement, the header of a compound
//! statement, a decorator). It is there until the user has mended the code and removes it. One behind the code is read as
//! well.

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::edit::{Edit, Layer};
use crate::semantic::Model;

/// What every marker holds, as it is searched for in the bytes of a file.
pub const TRIGGER: &str = "awaitify: blocked";

/// A marker in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The span of the comment, from `#` to the end of its line.
    pub range: TextRange,
    /// The code of the barrier's reason; empty where the comment names none.
    pub code: String,
    /// What it says besides.
    pub text: String,
    /// The span from the comment to the end of the logical line that it is about.
    pub about: TextRange,
}

/// A marker to write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewMarker {
    /// The 1-based line of the code that it is about.
    pub line: u32,
    /// The code of the barrier's reason.
    pub code: &'static str,
    /// What it says besides.
    pub text: String,
}

impl NewMarker {
    /// The comment.
    pub fn comment(&self) -> String {
        format!("# {TRIGGER}: {}: {}", self.code, self.text)
    }
}

/// The markers of a text with these tokens.
pub fn read(text: &str, tokens: &Tokens) -> Vec<Marker> {
    let mut found: Vec<Marker> = Vec::new();
    // Those whose logical line has not ended yet.
    let mut open = 0;
    for token in tokens.iter() {
        match token.kind() {
            TokenKind::Comment => {
                let comment = text.get(token.range().to_std_range()).unwrap_or_default();
                if let Some((code, text)) = parts(comment) {
                    found.push(Marker {
                        range: token.range(),
                        code,
                        text,
                        about: token.range(),
                    });
                }
            }
            TokenKind::Newline => {
                for marker in &mut found[open..] {
                    marker.about = TextRange::new(marker.range.start(), token.start());
                }
                open = found.len();
            }
            _ => {}
        }
    }
    found
}

/// The markers of a text that cannot be parsed: the lines that are comments.
pub fn read_lines(text: &str) -> Vec<Marker> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let comment = line.trim();
        if comment.starts_with('#')
            && let Some((code, text)) = parts(comment)
        {
            let at = start + (line.len() - line.trim_start().len());
            let range = TextRange::at(
                TextSize::try_from(at).unwrap_or_default(),
                TextSize::of(comment),
            );
            found.push(Marker {
                range,
                code,
                text,
                about: range,
            });
        }
        start += line.len();
    }
    found
}

/// The code and the text of a comment that is a marker.
fn parts(comment: &str) -> Option<(String, String)> {
    let at = comment.find(TRIGGER)?;
    // `see awaitify: blocked` is prose.
    if !comment[..at].trim_end_matches([' ', '\t']).ends_with('#') {
        return None;
    }
    let rest = &comment[at + TRIGGER.len()..];
    let rest = match rest.strip_prefix(':') {
        Some(rest) => rest.trim(),
        None if rest.starts_with(|next: char| next.is_alphanumeric() || "-_".contains(next)) => {
            return None;
        }
        None => rest.trim(),
    };
    let end = rest
        .find(|next: char| !next.is_ascii_alphanumeric() && next != '-')
        .unwrap_or(rest.len());
    let (code, text) = rest.split_at(end);
    let text = text.trim_start_matches(':').trim();
    Some((code.to_string(), text.to_string()))
}

/// The edits that write these markers, each above the logical line that holds its line.
pub fn edits(model: &Model<'_>, markers: &[NewMarker]) -> Vec<Edit> {
    if markers.is_empty() {
        return Vec::new();
    }
    let mut starts: Vec<usize> = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', model.text.as_bytes()).map(|at| at + 1));
    let mut written: FxHashSet<(TextSize, &str)> = FxHashSet::default();
    let mut edits = Vec::new();
    for marker in markers {
        let Some(&line) = starts.get((marker.line as usize).saturating_sub(1)) else {
            continue;
        };
        let at = logical_line(model, TextSize::try_from(line).unwrap_or_default());
        // Two barriers of one kind in one statement are one to the user.
        if !written.insert((at, marker.code)) {
            continue;
        }
        let indent = model.line_indent(at);
        let text = format!("{}\n{indent}", marker.comment());
        edits.push(match statement_at(model, at) {
            Some(extent) => Edit::surround(extent, text, "", Layer::Hoist),
            None => Edit::replace(TextRange::empty(at), text),
        });
    }
    edits
}

/// Where the logical line begins that holds the physical line which starts at `line`.
fn logical_line(model: &Model<'_>, line: TextSize) -> TextSize {
    let mut start = None;
    for token in model.tokens().iter() {
        match token.kind() {
            TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent => {}
            TokenKind::Newline => {
                if token.end() > line
                    && let Some(start) = start
                {
                    return start;
                }
                start = None;
            }
            _ => start = start.or(Some(token.start())),
        }
    }
    start.unwrap_or(line)
}

/// The outermost statement or clause that begins there.
fn statement_at(model: &Model<'_>, at: TextSize) -> Option<TextRange> {
    model.nodes.all().find_map(|node| {
        let node = model.nodes.get(node);
        let is_line = node.is_statement()
            || matches!(
                node,
                AnyNodeRef::ElifElseClause(_)
                    | AnyNodeRef::MatchCase(_)
                    | AnyNodeRef::ExceptHandlerExceptHandler(_)
            );
        (is_line && node.start() == at).then(|| node.range())
    })
}
