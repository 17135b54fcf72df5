//! Comments that tell awaitify to leave code alone. Pure.
//!
//! ```python
//! data = requests.get(url)  # awaitify: ignore[requests_to_httpx]
//!
//! # awaitify: ignore
//! time.sleep(1)             # a comment on a line of its own is about the next line of code
//!
//! # awaitify: keep-sync
//! def public_api(): ...
//!
//! # awaitify: ignore-file   (in column 0, anywhere in the file)
//! ```
//!
//! Without brackets, `ignore` and `ignore-file` are about all codemods. Text after the directive is free: say why.

use std::sync::atomic::{AtomicBool, Ordering};

use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::config::hint;
use crate::semantic::Model;

/// What every directive starts with, after the `#`.
const PREFIX: &str = "awaitify:";

/// The words that may follow [`PREFIX`].
const WORDS: [&str; 3] = ["ignore", "ignore-file", "keep-sync"];

/// The marker that `--assist` leaves behind. It suppresses nothing.
const MARKER: &str = "blocked";

/// The directives of one file. It counts which of them were of use, so that the others can be reported; shared
/// between threads freely.
#[derive(Debug, Default)]
pub struct Suppressions {
    directives: Vec<Directive>,
    /// The lines that `ignore` is about, sorted, with the number of the directive.
    ignored: Vec<(Line, usize)>,
    /// The lines that `keep-sync` is about, sorted, with the number of the directive.
    kept_sync: Vec<(Line, usize)>,
    /// The numbers of those about the file.
    file_wide: Vec<usize>,
    malformed: Vec<(TextRange, String)>,
}

/// One well-formed directive.
#[derive(Debug)]
struct Directive {
    /// From the `#` to the end of the word or the bracket.
    range: TextRange,
    kind: Kind,
    /// The codemods it names; empty means all.
    names: Vec<Name>,
    /// Whether it made a difference (the whole, where it names no codemods).
    used: AtomicBool,
}

/// What a directive does, and where.
#[derive(Debug)]
enum Kind {
    /// `ignore`, with the line of code that it is about. `None`: no code follows.
    Ignore(Option<Line>),
    /// `ignore-file`
    IgnoreFile,
    /// `keep-sync`, with the line of the `def`.
    KeepSync(Option<Line>),
}

/// A name in the brackets.
#[derive(Debug)]
struct Name {
    text: String,
    range: TextRange,
    used: AtomicBool,
}

/// A line of the text.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Offset of its first byte.
    start: u32,
    /// Offset after its line end; one more than the text's length where the last line has none.
    next: u32,
}

impl Line {
    /// Whether any byte of `range` lies on the line (the place itself, for an empty range).
    fn touches(self, range: TextRange) -> bool {
        let first = range.start().to_u32();
        let last = range.end().to_u32().saturating_sub(1).max(first);
        first < self.next && last >= self.start
    }
}

impl Suppressions {
    /// The directives of a parsed file.
    pub fn of(model: &Model<'_>) -> Self {
        let tokens = model.tokens().iter();
        let comments: Vec<TextRange> = tokens
            .filter(|token| token.kind().is_comment())
            .map(Ranged::range)
            .collect();
        Self::from_comments(model.text, &comments)
    }

    /// Reads the directives among `comments`: the spans of the comment tokens of `text`, each from `#` to the end of
    /// its line. Spans that do not fit the text are skipped.
    pub fn from_comments(text: &str, comments: &[TextRange]) -> Self {
        let mut found = Self::default();
        for comment in comments {
            let (start, end) = (comment.start().to_usize(), comment.end().to_usize());
            if let Some(comment) = text.get(start..end) {
                found.read_comment(text, start, comment);
            }
        }
        for (number, directive) in found.directives.iter().enumerate() {
            match directive.kind {
                Kind::Ignore(Some(line)) => found.ignored.push((line, number)),
                Kind::KeepSync(Some(line)) => found.kept_sync.push((line, number)),
                Kind::IgnoreFile => found.file_wide.push(number),
                Kind::Ignore(None) | Kind::KeepSync(None) => {}
            }
        }
        found.ignored.sort_by_key(|(line, _)| line.start);
        found.kept_sync.sort_by_key(|(line, _)| line.start);
        found
    }

    /// The directives among `lines` whose line `range` touches. Lines are disjoint or the same, so that those are a run.
    fn touching<'s>(
        &'s self,
        lines: &'s [(Line, usize)],
        range: TextRange,
    ) -> impl Iterator<Item = &'s Directive> {
        let before = lines.partition_point(|(line, _)| line.next <= range.start().to_u32());
        lines[before..]
            .iter()
            .take_while(move |(line, _)| line.touches(range))
            .map(|&(_, number)| &self.directives[number])
    }

    /// Whether a directive tells `codemod` to leave the candidate at `range` alone: one on any line that the range
    /// covers, or one for the file. Every such directive counts as used.
    pub fn suppresses(&self, codemod: &str, range: TextRange) -> bool {
        let mut suppressed = false;
        let file_wide = self
            .file_wide
            .iter()
            .map(|&number| &self.directives[number]);
        for directive in self.touching(&self.ignored, range).chain(file_wide) {
            suppressed |= directive.is_about(codemod);
        }
        suppressed
    }

    /// Whether the function must stay sync. `def_line_range` is the `def` line: best from `def` (or the first
    /// decorator) to the colon, so that a comment on any line of a long signature counts.
    pub fn keep_sync(&self, def_line_range: TextRange) -> bool {
        let mut keep = false;
        for directive in self.touching(&self.kept_sync, def_line_range) {
            directive.used.store(true, Ordering::Relaxed);
            keep = true;
        }
        keep
    }

    /// The directives, or names in their brackets, that made no difference, in source order, each with a message.
    ///
    /// `ran` are the codemods that ran, of all that are `known`. A name that did not run (deselected, or unknown: see
    /// [`Self::unknown`]) is not called unused, nor is a directive about all codemods unless all ran.
    pub fn unused(&self, ran: &[&str], known: &[&str]) -> Vec<(TextRange, String)> {
        let all_ran = known.iter().all(|name| ran.contains(name));
        let mut unused = Vec::new();
        for directive in &self.directives {
            let word = directive.word();
            let judged = all_ran || matches!(directive.kind, Kind::KeepSync(_));
            if directive.names.is_empty() {
                if judged && !directive.used.load(Ordering::Relaxed) {
                    let message = format!("unused `# awaitify: {word}`");
                    unused.push((directive.range, message));
                }
                continue;
            }
            for name in &directive.names {
                if ran.contains(&name.text.as_str()) && !name.used.load(Ordering::Relaxed) {
                    let message = format!("unused `# awaitify: {word}[{}]`", name.text);
                    unused.push((name.range, message));
                }
            }
        }
        unused
    }

    /// The directives that cannot be read, and the names in brackets that are not among the `known` codemods, in
    /// source order, each with a message that names the nearest right word.
    pub fn unknown(&self, known: &[&str]) -> Vec<(TextRange, String)> {
        let mut unknown = self.malformed.clone();
        for name in self
            .directives
            .iter()
            .flat_map(|directive| &directive.names)
        {
            if !known.contains(&name.text.as_str()) {
                let message = format!(
                    "unknown codemod `{}`{}",
                    name.text,
                    hint(&name.text, known.iter().copied())
                );
                unknown.push((name.range, message));
            }
        }
        unknown.sort_by_key(|(range, _)| range.start());
        unknown
    }

    /// Reads the directives of one comment; there may be several (`# awaitify: ignore # awaitify: keep-sync`), after
    /// and before other things (`# noqa`).
    fn read_comment(&mut self, text: &str, start: usize, comment: &str) {
        for (at, _) in comment.match_indices(PREFIX) {
            let before = comment
                .get(..at)
                .unwrap_or_default()
                .trim_end_matches([' ', '\t']);
            // `see awaitify: ...` is prose.
            if !before.ends_with('#') {
                continue;
            }
            let hash = start + before.len() - 1;
            let rest_at = start + at + PREFIX.len();
            let rest = comment.get(at + PREFIX.len()..).unwrap_or_default();
            self.read_directive(text, start, hash, rest_at, rest);
        }
    }

    /// Reads one directive: its `#` is at `hash`, and `rest`, what follows [`PREFIX`], is at `rest_at`. `start` is
    /// where the comment starts.
    fn read_directive(
        &mut self,
        text: &str,
        start: usize,
        hash: usize,
        rest_at: usize,
        rest: &str,
    ) {
        let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let word_at = rest_at + (rest.len() - trimmed.len());
        let word_end = trimmed.find(|c| !is_name(c)).unwrap_or(trimmed.len());
        let (word, after) = trimmed.split_at(word_end);
        let mut range = span(hash, word_at + word.len());
        if word == MARKER {
            return;
        }
        if !WORDS.contains(&word) {
            let message = if word.is_empty() {
                "`# awaitify:` without a word; write `ignore`, `ignore-file` or `keep-sync`".into()
            } else {
                format!("unknown directive `{word}`{}", hint(word, WORDS))
            };
            self.malformed.push((range, message));
            return;
        }

        let mut names = Vec::new();
        // A blank before the bracket is tolerated: read as `ignore` and prose it would ignore too much.
        let bracket = after.trim_start_matches([' ', '\t']);
        if word != "keep-sync"
            && let Some(list) = bracket.strip_prefix('[')
        {
            let list_at = word_at + word.len() + (after.len() - bracket.len()) + 1;
            let Some((list, _)) = list.split_once(']') else {
                self.malformed
                    .push((range, format!("`{word}[` without its `]`")));
                return;
            };
            range = span(hash, list_at + list.len() + 1);
            let mut at = list_at;
            for part in list.split(',') {
                let name = part.trim();
                let name_at = at + (part.len() - part.trim_start().len());
                at += part.len() + 1;
                if !name.is_empty() {
                    names.push(Name {
                        text: name.to_string(),
                        range: span(name_at, name_at + name.len()),
                        used: AtomicBool::new(false),
                    });
                }
            }
            if names.is_empty() {
                let message = format!("`{word}[]` names no codemod; drop the brackets to mean all");
                self.malformed.push((range, message));
                return;
            }
        }

        let line = line_of(text, start);
        let alone = text
            .get(line.start as usize..start)
            .is_some_and(|before| before.chars().all(is_blank));
        let kind = match word {
            "ignore" if alone => Kind::Ignore(next_code_line(text, line)),
            "ignore" => Kind::Ignore(Some(line)),
            "ignore-file"
                if line.start as usize == start || text.get(..start) == Some("\u{feff}") =>
            {
                Kind::IgnoreFile
            }
            "ignore-file" => {
                let message = "`ignore-file` counts only in a comment that starts in column 0; \
                               move it there, or write `ignore`";
                self.malformed.push((range, message.to_string()));
                return;
            }
            _ if alone => Kind::KeepSync(
                next_code_line(text, line).and_then(|line| after_decorators(text, line)),
            ),
            _ => Kind::KeepSync(after_decorators(text, line)),
        };
        self.directives.push(Directive {
            range,
            kind,
            names,
            used: AtomicBool::new(false),
        });
    }
}

impl Directive {
    /// The word it is written with.
    fn word(&self) -> &'static str {
        match self.kind {
            Kind::Ignore(_) => "ignore",
            Kind::IgnoreFile => "ignore-file",
            Kind::KeepSync(_) => "keep-sync",
        }
    }

    /// Whether it names `codemod` or all; counts as used if so.
    fn is_about(&self, codemod: &str) -> bool {
        if self.names.is_empty() {
            self.used.store(true, Ordering::Relaxed);
            return true;
        }
        let mut named = false;
        for name in self.names.iter().filter(|name| name.text == codemod) {
            name.used.store(true, Ordering::Relaxed);
            named = true;
        }
        named
    }
}

/// A span from `usize` offsets. They are offsets of a decoded text, which [`crate::source::MAX_LEN`] bounds.
fn span(start: usize, end: usize) -> TextRange {
    let start = TextSize::new(to_u32(start));
    TextRange::new(start, TextSize::new(to_u32(end)).max(start))
}

/// See [`span`].
fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// White space within a line (and the byte order mark, which may stand before the first line).
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}' | '\u{feff}')
}

/// The line that holds the offset.
fn line_of(text: &str, offset: usize) -> Line {
    let bytes = text.as_bytes();
    let before = bytes.get(..offset).unwrap_or(bytes);
    let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
    line_from(bytes, start)
}

/// The line that starts at the offset.
fn line_from(bytes: &[u8], start: usize) -> Line {
    let rest = bytes.get(start..).unwrap_or_default();
    let next = match memchr::memchr2(b'\n', b'\r', rest) {
        None => bytes.len() + 1,
        Some(end) if rest.get(end..end + 2) == Some(b"\r\n") => start + end + 2,
        Some(end) => start + end + 1,
    };
    Line {
        start: to_u32(start),
        next: to_u32(next),
    }
}

/// The lines after `line`.
fn lines_after(text: &str, line: Line) -> impl Iterator<Item = (Line, &str)> {
    let mut next = line.next as usize;
    std::iter::from_fn(move || {
        if next >= text.len() {
            return None;
        }
        let line = line_from(text.as_bytes(), next);
        let content = text.get(next..(line.next as usize).min(text.len()))?;
        next = line.next as usize;
        Some((line, content.trim()))
    })
}

/// The first line after `line` that is neither blank nor only a comment.
fn next_code_line(text: &str, line: Line) -> Option<Line> {
    lines_after(text, line)
        .find(|(_, content)| !content.is_empty() && !content.starts_with('#'))
        .map(|(line, _)| line)
}

/// The line itself, or, where a decorator starts on it, the line of the `def` that it decorates. Decorators may span
/// lines, so whatever does not start like a definition is passed over.
fn after_decorators(text: &str, line: Line) -> Option<Line> {
    let content = text
        .get(line.start as usize..(line.next as usize).min(text.len()))
        .unwrap_or_default()
        .trim();
    if !content.starts_with('@') {
        return Some(line);
    }
    lines_after(text, line)
        .find(|(_, content)| {
            let word = content.split(char::is_whitespace).next();
            matches!(word, Some("def" | "async" | "class"))
        })
        .map(|(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Comments by a naive search: the tests keep `#` out of strings.
    fn read(text: &str) -> Suppressions {
        let mut comments = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            if let Some(hash) = line.find('#') {
                let end = line.trim_end_matches(['\n', '\r']).len();
                comments.push(span(at + hash, at + end));
            }
            at += line.len();
        }
        Suppressions::from_comments(text, &comments)
    }

    /// The span of the first `needle`.
    #[track_caller]
    fn at(text: &str, needle: &str) -> TextRange {
        let start = text.find(needle).expect("is in the text");
        span(start, start + needle.len())
    }

    const KNOWN: [&str; 2] = ["sleep", "requests-to-httpx"];

    #[track_caller]
    fn messages(found: Vec<(TextRange, String)>) -> Vec<String> {
        found.into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn a_trailing_comment_is_about_its_line() {
        let text = "a()\nb()  # noqa # awaitify: ignore[sleep] -- slow on purpose\nc()\n";
        let found = read(text);
        assert!(found.suppresses("sleep", at(text, "b()")));
        assert!(!found.suppresses("requests-to-httpx", at(text, "b()")));
        assert!(!found.suppresses("sleep", at(text, "a()")));
        assert!(!found.suppresses("sleep", at(text, "a()\n")));
        assert!(!found.suppresses("sleep", at(text, "c()")));
        assert!(found.unused(&KNOWN, &KNOWN).is_empty());
        assert!(found.unknown(&KNOWN).is_empty());
    }

    #[test]
    fn a_comment_of_its_own_is_about_the_next_code() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "x()\n  # awaitify: ignore\n\n  # why\n  a()\n  b()".replace('\n', end);
            let found = read(&text);
            assert!(found.suppresses("sleep", at(&text, "a()")));
            assert!(!found.suppresses("sleep", at(&text, "x()")));
            assert!(!found.suppresses("sleep", at(&text, "b()")));
        }
    }

    #[test]
    fn any_line_of_a_long_candidate_counts() {
        let text = "a(\n  1,\n  2,  # awaitify: ignore\n)\nb()\n";
        let found = read(text);
        assert!(found.suppresses("sleep", at(text, "a(\n  1,\n  2,  # awaitify: ignore\n)")));
        assert!(!found.suppresses("sleep", at(text, "b()")));
        // A last line without a line end.
        let text = "a() # awaitify: ignore";
        assert!(read(text).suppresses("sleep", at(text, "a()")));
    }

    #[test]
    fn a_whole_file() {
        let text = "\u{feff}# awaitify: ignore-file[sleep]\na()\n";
        let found = read(text);
        assert!(found.suppresses("sleep", at(text, "a()")));
        assert!(!found.suppresses("other", at(text, "a()")));
        let found = read("a()\n  # awaitify: ignore-file\n");
        assert!(!found.suppresses("sleep", span(0, 3)));
        assert!(messages(found.unknown(&KNOWN))[0].contains("column 0"));
    }

    #[test]
    fn keep_sync_stands_on_the_def_or_above() {
        for text in [
            "def f():  # awaitify: keep-sync\n    pass\n",
            "# awaitify: keep-sync\n# more\ndef f():\n    pass\n",
            "# awaitify: keep-sync\n@a(\n    1,\n)\n@b\ndef f():\n    pass\n",
            "@a\n# awaitify: keep-sync\n@b\ndef f():\n    pass\n",
            "@a  # awaitify: keep-sync\ndef f():\n    pass\n",
        ] {
            let found = read(text);
            assert!(found.keep_sync(at(text, "def f():")), "{text}");
            assert!(!found.suppresses("sleep", at(text, "def f():")));
            assert!(found.unused(&[], &KNOWN).is_empty());
        }
        let text = "# awaitify: keep-sync\ndef f():\n    pass\ndef g():\n    pass\n";
        let found = read(text);
        assert!(!found.keep_sync(at(text, "def g():")));
        assert_eq!(
            messages(found.unused(&[], &KNOWN)),
            ["unused `# awaitify: keep-sync`"]
        );
    }

    #[test]
    fn unused_ones_are_told_by_name() {
        let text = "a()  # awaitify: ignore[sleep, requests-to-httpx]\nb()  # awaitify: ignore\n";
        let found = read(text);
        assert!(found.suppresses("sleep", at(text, "a()")));
        let unused = found.unused(&KNOWN, &KNOWN);
        assert_eq!(unused[0].0, at(text, "requests-to-httpx"));
        assert_eq!(
            messages(unused),
            [
                "unused `# awaitify: ignore[requests-to-httpx]`",
                "unused `# awaitify: ignore`"
            ]
        );
        // What did not run cannot be called unused.
        assert!(found.unused(&["sleep"], &KNOWN).is_empty());
    }

    #[test]
    fn mistakes_are_told_with_the_nearest_word() {
        let text = "a()  # awaitify: ignroe\nb()  # awaitify: ignore[sleeep,requests_to_httpx, sleep]\n\
                    # awaitify: ignore[\n# awaitify: ignore[ ]\n#awaitify:\n# see awaitify: docs\n\
                    # awaitify: blocked: __init__\n";
        let found = read(text);
        assert!(!found.suppresses("sleep", at(text, "a()")));
        assert!(found.suppresses("sleep", at(text, "b()")));
        let unknown = found.unknown(&KNOWN);
        assert_eq!(unknown[0].0, at(text, "# awaitify: ignroe"));
        assert_eq!(
            messages(unknown),
            [
                "unknown directive `ignroe`; did you mean `ignore`?",
                "unknown codemod `sleeep`; did you mean `sleep`?",
                "unknown codemod `requests_to_httpx`; did you mean `requests-to-httpx`?",
                "`ignore[` without its `]`",
                "`ignore[]` names no codemod; drop the brackets to mean all",
                "`# awaitify:` without a word; write `ignore`, `ignore-file` or `keep-sync`",
            ]
        );
        assert!(messages(found.unused(&KNOWN, &KNOWN)).is_empty());
    }

    #[test]
    fn spans_that_do_not_fit_are_skipped() {
        let found = Suppressions::from_comments("é", &[span(1, 2), span(0, 99)]);
        assert!(found.unknown(&KNOWN).is_empty());
    }
}
