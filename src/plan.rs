//! The plan: every edit for a project, made against one baseline. It is what `diff` prints, what the JSON carries and
//! what `apply` writes.

use std::path::PathBuf;

use crate::unit::{Dependency, Reason, Safety};
use crate::why::Answer;

/// A place in a file, for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path as shown to the user: relative to the working directory where possible, `/` between the parts.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
    /// Span in bytes of the decoded text: start.
    pub start: u32,
    /// Span in bytes of the decoded text: end.
    pub end: u32,
    /// The source line, without its line end.
    pub snippet: String,
}

/// One changed file.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// Where to write it.
    pub path: PathBuf,
    /// The name shown to the user and in the diff (see [`Place::file`]).
    pub name: String,
    /// The bytes that were read: the baseline. `apply` refuses the file when the disk holds anything else.
    pub before: Vec<u8>,
    /// The bytes to write.
    pub after: Vec<u8>,
    /// The edits, sorted and disjoint, as spans of the decoded baseline.
    pub edits: Vec<PlannedEdit>,
}

/// One rendered edit of a [`FileChange`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedEdit {
    /// Start, in bytes of the decoded baseline.
    pub start: u32,
    /// End, in bytes of the decoded baseline.
    pub end: u32,
    /// The text that replaces the span.
    pub text: String,
    /// The codemod that wants it; `None` for edits that belong to several (imports).
    pub codemod: Option<&'static str>,
}

/// What became of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its edits are in the plan.
    Taken,
    /// Left out because its safety is [`Safety::Unsafe`]: `--unsafe` takes it.
    NeedsUnsafe,
    /// Left out because the codemod declares a difference: `--unsafe`, or naming it in `--select`, takes it.
    NeedsSelect,
}

/// A unit, as the report shows it.
#[derive(Clone, Debug)]
pub struct UnitReport {
    /// The codemod.
    pub codemod: &'static str,
    /// Where it is anchored.
    pub place: Place,
    /// The dotted name of the function that holds the anchor, or `<module>`.
    pub function: String,
    /// Its safety.
    pub safety: Safety,
    /// What became of it.
    pub outcome: Outcome,
    /// What the user should know, each with its place.
    pub notes: Vec<(Place, String)>,
}

/// A candidate that was left alone, as the report shows it.
#[derive(Clone, Debug)]
pub struct Left {
    /// The codemod.
    pub codemod: &'static str,
    /// Where it is.
    pub place: Place,
    /// The dotted name of the function that holds it, or `<module>`.
    pub function: String,
    /// Why.
    pub reason: &'static Reason,
    /// What exactly.
    pub detail: Option<String>,
}

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file was skipped or something is worth knowing; the others go on, and the exit code is not affected.
    Warning,
    /// The user must act: the exit code is 2.
    Error,
}

/// Something wrong with an input file or the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file it is about.
    pub file: String,
    /// 1-based line, where one is known.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Everything a run found out.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The changed files, sorted by name.
    pub files: Vec<FileChange>,
    /// Every unit, taken or not, sorted by place.
    pub units: Vec<UnitReport>,
    /// Every candidate that was left alone, sorted by place.
    pub left: Vec<Left>,
    /// The functions that become async, as `file: dotted name`, sorted. Their callers outside of the project must await
    /// them.
    pub recoloured: Vec<String>,
    /// Problems with the input, sorted by file and line.
    pub problems: Vec<Problem>,
    /// Dependency changes that the taken units bring, sorted.
    pub dependencies: Vec<Dependency>,
    /// The answer to [`crate::pipeline::Request::explain`].
    pub answer: Option<Answer>,
    /// How many files were discovered.
    pub files_seen: usize,
    /// How many of them were parsed.
    pub files_parsed: usize,
}
