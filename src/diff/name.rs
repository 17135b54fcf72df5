//! File names in patches, written as git writes them.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::plan::FileChange;

/// Quotes a name as git does with its default `core.quotePath` (quote.c): when it holds a control character, a quote,
/// a backslash or a byte above 0x7f, it is put in quotes, with C escapes and octal bytes.
pub(super) fn quote(name: &[u8]) -> String {
    let plain = name
        .iter()
        .all(|byte| (b' '..0x7f).contains(byte) && !matches!(byte, b'"' | b'\\'));
    if plain {
        return String::from_utf8_lossy(name).into_owned();
    }
    let mut out = String::with_capacity(name.len() + 8);
    out.push('"');
    for &byte in name {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x07 => out.push_str("\\a"),
            0x08 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            b' '..0x7f => out.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(out, "\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

/// A header line without its end: `--- a/m.py`. As in git, a tab ends a name that holds a space, or the rest could be
/// taken for a date.
pub(super) fn header(marker: &str, side: &str, change: &FileChange) -> Vec<u8> {
    let mut name = side.as_bytes().to_vec();
    name.extend_from_slice(&bytes_of(change));
    let end = if name.contains(&b' ') { "\t" } else { "" };
    format!("{marker} {}{end}", quote(&name)).into_bytes()
}

/// The name below the directory, in the bytes that the file system knows. [`FileChange::name`] is for people, and has
/// U+FFFD for what is not Unicode: then the last parts of the path are the ones that it stands for.
fn bytes_of(change: &FileChange) -> Cow<'_, [u8]> {
    let name = below(&change.name);
    if name.contains(char::REPLACEMENT_CHARACTER) {
        let parts: Vec<_> = change.path.components().collect();
        let count = name.split('/').count();
        let last = parts.get(parts.len().saturating_sub(count)..);
        let bytes = last
            .unwrap_or_default()
            .iter()
            .map(|part| part.as_os_str().as_encoded_bytes())
            .collect::<Vec<_>>()
            .join(&b'/');
        if String::from_utf8_lossy(&bytes) == name {
            return Cow::Owned(bytes);
        }
    }
    Cow::Borrowed(name.as_bytes())
}

/// The name without what leads out of the directory: neither `git apply` nor `patch` follows it.
fn below(name: &str) -> &str {
    let mut rest = name;
    while let Some(shorter) = rest
        .strip_prefix('/')
        .or_else(|| rest.strip_prefix("./"))
        .or_else(|| rest.strip_prefix("../"))
    {
        rest = shorter;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_git_does() {
        for (name, quoted) in [
            ("a.py", "a.py"),
            ("a b.py", "a b.py"),
            ("q'.py", "q'.py"),
            ("q\".py", r#""q\".py""#),
            ("b\\.py", r#""b\\.py""#),
            ("t\t.py", r#""t\t.py""#),
            ("n\n.py", r#""n\n.py""#),
            ("é.py", r#""\303\251.py""#),
            ("e\x1b\x7f\x07.py", r#""e\033\177\a.py""#),
        ] {
            assert_eq!(quote(name.as_bytes()), quoted);
        }
    }

    #[test]
    fn headers_end_in_a_tab_after_spaces() {
        let change = |name: &str| FileChange {
            path: name.into(),
            name: name.to_string(),
            before: Vec::new(),
            after: Vec::new(),
            edits: Vec::new(),
        };
        assert_eq!(header("---", "a/", &change("x y.py")), b"--- a/x y.py\t");
        assert_eq!(
            header("+++", "b/", &change("é y.py")),
            b"+++ \"b/\\303\\251 y.py\"\t"
        );
    }

    #[test]
    fn names_stay_below_the_directory() {
        assert_eq!(below("/tmp/x.py"), "tmp/x.py");
        assert_eq!(below("../../x.py"), "x.py");
        assert_eq!(below("./x/../y.py"), "x/../y.py");
        assert_eq!(below("..x.py"), "..x.py");
    }
}
