//! The diff for terminals.
//!
//! Unlike the patch, it must be safe to look at: a file could hold escape sequences that move the cursor, or marks that
//! turn the reading direction. What would not show is spelled out here, and nowhere else.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::DiffOp;

use super::lines::{Change, LineDiff, Part, shortest};
use super::{CONTEXT, NO_NEWLINE, name};
use crate::plan::FileChange;

/// Above this many words in a change, both sides together, only lines are painted: nobody looks for a word there, and
/// the search is quadratic.
const MOST_WORDS: usize = 2_000;

/// A change of which less than this share stays the same has no emphasis: nearly all of it would be marked.
const LEAST_KEPT: f64 = 0.4;

/// File headers.
const FILE: Style = Style::new().bold();
/// Hunk headers.
const HUNK: Style = AnsiColor::Cyan.on_default();
/// Removed lines.
const REMOVED: Style = AnsiColor::Red.on_default();
/// Added lines.
const ADDED: Style = AnsiColor::Green.on_default();

/// The diff of one file for a terminal: as the patch of [`unified`](super::unified), with colours, and with the changed
/// words within replaced lines in reverse video.
///
/// It is UTF-8, and not a patch: control characters and bytes that are not UTF-8 are spelled out (see [`visible`]). A
/// carriage return at a line end is shown only when the file has lines with and without one, before or after.
pub fn coloured(change: &FileChange) -> Vec<u8> {
    let diff = LineDiff::new(&change.before, &change.after);
    let mut page = Page {
        out: String::new(),
        show_returns: mixed_ends(&diff),
    };
    if diff.changes.is_empty() {
        return Vec::new();
    }
    for (marker, side) in [("---", "a/"), ("+++", "b/")] {
        page.line(
            FILE,
            &String::from_utf8_lossy(&name::header(marker, side, change)),
        );
    }
    for hunk in diff.hunks(CONTEXT) {
        page.line(HUNK, &visible(&hunk.header()));
        for part in hunk.parts() {
            match part {
                Part::Common(lines) => {
                    for &line in &diff.old[lines] {
                        page.source(Style::new(), ' ', &[Piece::plain(line)]);
                    }
                }
                Part::Changed(change) => {
                    let (old, new) = emphasised(&diff, change);
                    for pieces in old {
                        page.source(REMOVED, '-', &pieces);
                    }
                    for pieces in new {
                        page.source(ADDED, '+', &pieces);
                    }
                }
            }
        }
    }
    page.out.into_bytes()
}

/// Text that is safe to show: control characters in caret notation (`^[` for ESC, `^M` for CR), characters that turn
/// the reading direction, end lines or do not show as `<U+202E>`, bytes that are not UTF-8 as `<E9>`. A tab stays.
pub fn visible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_visible(&mut out, character);
        }
        for byte in chunk.invalid() {
            put(&mut out, format_args!("<{byte:02X}>"));
        }
    }
    out
}

/// Adds one character, in its visible form.
fn push_visible(out: &mut String, character: char) {
    match character {
        '\t' => out.push('\t'),
        '\0'..='\u{1f}' => {
            out.push('^');
            // Both forms of a control character differ in one bit.
            out.push(u8::try_from(character).map_or('?', |byte| char::from(byte ^ 0x40)));
        }
        '\u{7f}' => out.push_str("^?"),
        // C1 controls (a terminal may take U+009B for ESC [), line and paragraph separators, marks of direction,
        // spaces without a width, and the byte order mark.
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => put(out, format_args!("<U+{:04X}>", u32::from(character))),
        other => out.push(other),
    }
}

/// Appends formatted text.
fn put(out: &mut String, text: std::fmt::Arguments) {
    // Writing to a string does not fail.
    let _ = out.write_fmt(text);
}

/// Does the file have lines with and without a carriage return before the line feed, on either side?
fn mixed_ends(diff: &LineDiff) -> bool {
    let mut lines = diff
        .old
        .iter()
        .chain(&diff.new)
        .filter(|line| line.ends_with(b"\n"));
    let first = lines.next().is_some_and(|line| line.ends_with(b"\r\n"));
    lines.any(|line| line.ends_with(b"\r\n") != first)
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece<'a> {
    text: &'a [u8],
    changed: bool,
}

impl<'a> Piece<'a> {
    fn plain(text: &'a [u8]) -> Self {
        Self {
            text,
            changed: false,
        }
    }
}

/// What is shown.
struct Page {
    out: String,
    show_returns: bool,
}

impl Page {
    /// A line of our own.
    fn line(&mut self, style: Style, text: &str) {
        put(&mut self.out, format_args!("{style}{text}{style:#}\n"));
    }

    /// A line of the file, in pieces.
    fn source(&mut self, style: Style, sign: char, pieces: &[Piece]) {
        put(&mut self.out, format_args!("{style}{sign}{style:#}"));
        let ended = pieces
            .last()
            .is_some_and(|piece| piece.text.ends_with(b"\n"));
        let returned = ended && ends_in_return(pieces);
        let mut left =
            pieces.iter().map(|piece| piece.text.len()).sum::<usize>() - usize::from(ended);
        if returned && !self.show_returns {
            left -= 1;
        }
        for piece in pieces {
            let text = &piece.text[..piece.text.len().min(left)];
            left -= text.len();
            if !text.is_empty() {
                let style = if piece.changed { style.invert() } else { style };
                put(
                    &mut self.out,
                    format_args!("{style}{}{style:#}", visible(text)),
                );
            }
        }
        self.out.push('\n');
        if !ended {
            self.line(Style::new(), NO_NEWLINE);
        }
    }
}

/// Does a line that ends in a line feed have a carriage return before it?
fn ends_in_return(pieces: &[Piece]) -> bool {
    pieces
        .iter()
        .rev()
        .flat_map(|piece| piece.text.iter().rev())
        .nth(1)
        == Some(&b'\r')
}

/// The lines of a side, in pieces.
type Pieces<'a> = Vec<Vec<Piece<'a>>>;

/// The removed and the added lines of a change, with the words that differ marked.
fn emphasised<'a>(diff: &LineDiff<'a>, change: &Change) -> (Pieces<'a>, Pieces<'a>) {
    let (old, new) = (&diff.old[change.old.clone()], &diff.new[change.new.clone()]);
    let (left, right) = (words(old), words(new));
    let plain = |lines: &[&'a [u8]]| {
        lines
            .iter()
            .map(|&line| vec![Piece::plain(line)])
            .collect::<Pieces>()
    };
    if old.is_empty() || new.is_empty() || left.len() + right.len() > MOST_WORDS {
        return (plain(old), plain(new));
    }
    let ops = shortest(&left, &right);
    let mut marks = (vec![true; left.len()], vec![true; right.len()]);
    for op in ops {
        if matches!(op, DiffOp::Equal { .. }) {
            marks.0[op.old_range()].fill(false);
            marks.1[op.new_range()].fill(false);
        }
    }
    let weight = |words: &[&[u8]], marks: Option<&[bool]>| -> usize {
        let counted = |(index, word): (usize, &&[u8])| {
            let kept = marks.is_none_or(|marks| !marks[index]);
            if kept && !word.trim_ascii().is_empty() {
                word.len()
            } else {
                0
            }
        };
        words.iter().enumerate().map(counted).sum()
    };
    let kept = weight(&left, Some(&marks.0)) + weight(&right, Some(&marks.1));
    let total = weight(&left, None) + weight(&right, None);
    if (kept as f64) < LEAST_KEPT * (total as f64) {
        return (plain(old), plain(new));
    }
    (pieces(old, &marks.0), pieces(new, &marks.1))
}

/// The words of lines: runs of word characters, runs of blanks, and other characters one by one.
fn words<'a>(lines: &[&'a [u8]]) -> Vec<&'a [u8]> {
    #[derive(PartialEq)]
    enum Class {
        Word,
        Blank,
        Other,
    }
    let class = |byte: u8| match byte {
        b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => Class::Word,
        b' ' | b'\t' => Class::Blank,
        _ => Class::Other,
    };
    lines
        .iter()
        .flat_map(|line| {
            line.chunk_by(move |&a, &b| class(a) != Class::Other && class(a) == class(b))
        })
        .collect()
}

/// Puts the words of lines together again, neighbours with the same mark as one piece.
fn pieces<'a>(lines: &[&'a [u8]], marks: &[bool]) -> Pieces<'a> {
    let mut marks = marks.iter();
    lines
        .iter()
        .map(|&line| {
            let mut out: Vec<Piece> = Vec::new();
            let (mut start, mut end) = (0, 0);
            for word in words(&[line]) {
                let changed = marks.next().is_some_and(|&mark| mark);
                match out.last_mut() {
                    Some(last) if last.changed == changed => {}
                    _ => {
                        start = end;
                        out.push(Piece { text: &[], changed });
                    }
                }
                end += word.len();
                if let Some(last) = out.last_mut() {
                    last.text = &line[start..end];
                }
            }
            out
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &[u8], after: &[u8]) -> String {
        let change = FileChange {
            path: "m.py".into(),
            name: "m.py".to_owned(),
            before: before.to_vec(),
            after: after.to_vec(),
            edits: Vec::new(),
        };
        String::from_utf8(coloured(&change)).unwrap_or_default()
    }

    /// The text with its escape sequences as `{1}` and so on; only those of ours are in it.
    fn marked(before: &str, after: &str) -> String {
        shown(before.as_bytes(), after.as_bytes())
            .replace("\u{1b}[0m", "{0}")
            .replace("\u{1b}[", "{")
            .replace('m', "}")
    }

    #[test]
    fn changed_words_are_marked() {
        assert_eq!(
            marked("x = get(a)\n", "x = await get(a)\n"),
            "{1}--- a/}.py{0}\n{1}+++ b/}.py{0}\n{36}@@ -1 +1 @@{0}\n\
             {31}-{0}{31}x = get(a){0}\n\
             {32}+{0}{32}x = {0}{7}{32}await {0}{32}get(a){0}\n"
        );
    }

    #[test]
    fn lines_with_nothing_in_common_are_not_marked() {
        assert!(!shown(b"abc def\n", b"uvw xyz\n").contains("\u{1b}[7m"));
    }

    #[test]
    fn escapes_of_a_file_do_not_reach_the_terminal() {
        let text = shown(
            b"a\n",
            "\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{0}\u{0c}\r\u{feff}\tb\n".as_bytes(),
        );
        assert!(
            text.contains("^[[2J<U+009B>2J^?<U+202E>^@^L^M<U+FEFF>\tb"),
            "{text:?}"
        );
        assert!(!text.contains("\u{1b}[2J"));
        assert!(shown(b"a\n", b"\xe9\n").contains("<E9>"));
    }

    #[test]
    fn carriage_returns_show_in_mixed_files_only() {
        assert!(!shown(b"a\r\nb\r\n", b"a\r\nc\r\n").contains("^M"));
        assert_eq!(shown(b"a\r\nb\n", b"a\r\nc\n").matches("^M").count(), 1);
        assert_eq!(shown(b"a\r\n", b"a\n").matches("^M").count(), 1);
        assert_eq!(shown(b"a\r", b"b\r").matches("^M").count(), 2);
    }

    #[test]
    fn every_line_is_there() {
        let plain = |text: String| {
            let mut text = text;
            for code in ["0", "1", "7", "31", "32", "36"] {
                text = text.replace(&format!("\u{1b}[{code}m"), "");
            }
            text
        };
        let text = plain(shown(
            b"def f():\n    a()\n    b",
            b"async def f():\n    a()\n    await b",
        ));
        assert_eq!(
            text,
            "--- a/m.py\n+++ b/m.py\n@@ -1,3 +1,3 @@\n-def f():\n+async def f():\n     a()\n-    b\n\
             \\ No newline at end of file\n+    await b\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn a_cut_in_a_sequence_keeps_the_characters_whole() {
        assert!(shown("x = 'é'\n".as_bytes(), "x = 'è'\n".as_bytes()).contains('è'));
    }
}
