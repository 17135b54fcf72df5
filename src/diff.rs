//! Diffs of changed files: the patch (`git apply` and `patch -p1` accept it), its coloured form for terminals, and the
//! `--stat` table.
//!
//! Everything here works on **bytes**, since a Python file may be latin-1 or hold lone carriage returns, and a patch
//! must carry the very bytes of the file. A line ends at `\n` and nowhere else, which is git's rule.
//!
//! # Headers
//!
//! A patch has `---` and `+++` lines and no `diff --git` line. Git takes the names below `diff --git` as relative to
//! the top of the repository, and run in a sub-directory it skips such a patch with exit code 0. Without that line the
//! names are relative to the working directory, as `patch -p1` reads them and as [`FileChange::name`] gives them.
//!
//! One trap is left: in a sub-directory `mysite` of a repository, `git apply` reads the name `a/mysite/x.py` as
//! `mysite/x.py` from the top. `git apply -p1` turns that guess off, and is right in all other cases too.

mod colour;
mod lines;
mod name;
mod stat;

use crate::plan::FileChange;
use lines::{LineDiff, Part};

pub use colour::{coloured, visible};
pub use stat::stat;

/// How many lines of context stand around a change; git's default.
const CONTEXT: usize = 3;

/// What stands after a last line that has no line end.
const NO_NEWLINE: &str = "\\ No newline at end of file";

/// How many lines a change adds and removes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Lines of the new file that are not in the old one.
    pub added: usize,
    /// Lines of the old file that are not in the new one.
    pub removed: usize,
}

/// Counts the added and removed lines, as the patch of [`unified`] shows them.
pub fn counts(change: &FileChange) -> LineCounts {
    LineDiff::new(&change.before, &change.after).counts()
}

/// The patch of one file: headers and hunks with three lines of context; empty when nothing changes.
///
/// The lines are the file's own bytes. Patches can be concatenated. Names are written as git writes them (see the
/// module for the headers): quoted when they hold control characters, quotes, backslashes or bytes above 0x7f. A
/// leading `/` and leading `./` and `../` parts are left out, since no tool would follow them: such a patch is applied
/// from the directory that the name was relative to, with `-d` or `--directory`.
pub fn unified(change: &FileChange) -> Vec<u8> {
    let diff = LineDiff::new(&change.before, &change.after);
    let mut out = Vec::new();
    if diff.changes.is_empty() {
        return out;
    }
    for (marker, side) in [("---", "a/"), ("+++", "b/")] {
        out.extend_from_slice(&name::header(marker, side, change));
        out.push(b'\n');
    }
    for hunk in diff.hunks(CONTEXT) {
        out.extend_from_slice(&hunk.header());
        out.push(b'\n');
        for part in hunk.parts() {
            match part {
                Part::Common(lines) => put(&mut out, b' ', &diff.old[lines]),
                Part::Changed(change) => {
                    put(&mut out, b'-', &diff.old[change.old.clone()]);
                    put(&mut out, b'+', &diff.new[change.new.clone()]);
                }
            }
        }
    }
    out
}

/// Writes lines of a patch, and git's mark after one that has no end.
fn put(out: &mut Vec<u8>, sign: u8, lines: &[&[u8]]) {
    for line in lines {
        out.push(sign);
        out.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            out.push(b'\n');
            out.extend_from_slice(NO_NEWLINE.as_bytes());
            out.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: &[u8], after: &[u8]) -> FileChange {
        FileChange {
            path: "m.py".into(),
            name: "m.py".to_owned(),
            before: before.to_vec(),
            after: after.to_vec(),
            edits: Vec::new(),
        }
    }

    fn patch(before: &str, after: &str) -> String {
        String::from_utf8_lossy(&unified(&change(before.as_bytes(), after.as_bytes()))).into_owned()
    }

    #[test]
    fn same_bytes_give_an_empty_patch() {
        assert_eq!(patch("a\n", "a\n"), "");
        assert_eq!(patch("", ""), "");
    }

    #[test]
    fn one_line() {
        assert_eq!(
            patch("a\nb\nc\n", "a\nx\nc\n"),
            "--- a/m.py\n+++ b/m.py\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"
        );
    }

    #[test]
    fn from_and_to_an_empty_file() {
        assert_eq!(
            patch("", "a\n"),
            "--- a/m.py\n+++ b/m.py\n@@ -0,0 +1 @@\n+a\n"
        );
        assert_eq!(
            patch("a\n", ""),
            "--- a/m.py\n+++ b/m.py\n@@ -1 +0,0 @@\n-a\n"
        );
    }

    #[test]
    fn a_missing_last_newline_is_marked_on_each_side() {
        assert_eq!(
            patch("a\nb", "a\nb\n"),
            "--- a/m.py\n+++ b/m.py\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
        );
        assert_eq!(
            patch("x\ry\r", "x\rz\r"),
            "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-x\ry\r\n\\ No newline at end of file\n+x\rz\r\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn changes_six_lines_apart_share_a_hunk_and_seven_do_not() {
        let text = |gap: usize, mark: &str| format!("{mark}\n{}{mark}\n", "k\n".repeat(gap));
        assert_eq!(
            patch(&text(6, "a"), &text(6, "b")).matches("@@ -").count(),
            1
        );
        assert_eq!(
            patch(&text(7, "a"), &text(7, "b")).matches("@@ -").count(),
            2
        );
    }

    #[test]
    fn a_hunk_names_the_function_it_is_in() {
        let before = "async def f():\n    1\n    2\n    3\n    4\n    5\n";
        let after = before.replace('5', "6");
        assert!(patch(before, &after).contains("@@ -3,4 +3,4 @@ async def f():\n"));
    }

    #[test]
    fn counted_lines_are_the_shown_ones() {
        let counted = counts(&change(b"a\nb\nc\n", b"a\nx\ny\nc\n"));
        assert_eq!(
            counted,
            LineCounts {
                added: 2,
                removed: 1
            }
        );
        assert_eq!(counts(&change(b"a\n", b"a\n")), LineCounts::default());
    }
}
