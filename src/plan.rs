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

/// A marker comment where a migration is half done (see [`crate::marker`]).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HalfDone {
    /// Where it is: the comment itself, or the line of the code above which the plan writes it.
    pub place: Place,
    /// The line of the comment once the plan is applied.
    pub line_after: u32,
    /// The code of the reason; empty where the comment names none.
    pub code: String,
    /// What it says besides.
    pub text: String,
    /// Whether the plan writes it.
    pub is_new: bool,
}

/// Candidates that wait for the same barriers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The barriers.
    pub barriers: Vec<InTheWay>,
    /// Whether there are more than these.
    pub more: bool,
    /// How many candidates wait for them, and would be migrated if all were gone.
    pub sites: usize,
    /// How many of them `--assist` would take, if it is given the number of barriers.
    pub halves: usize,
}

/// A barrier, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTheWay {
    /// Why it is one.
    pub reason: &'static Reason,
    /// Whether it is a use of the function, and not the function itself.
    pub is_use: bool,
    /// The function that cannot become async, by its dotted name; empty for the module level.
    pub function: String,
    /// The file of the function, or of the use that stands in the way.
    pub file: String,
    /// 1-based line there.
    pub line: u32,
    /// What exactly is in the way.
    pub detail: Option<String>,
}

/// An async function that reaches a blocking call through sync helpers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockingChain {
    /// The call in the async function.
    pub place: Place,
    /// The dotted name of the async function.
    pub function: String,
    /// The sync functions, from the one that is called to the one that blocks.
    pub through: Vec<ChainStep>,
    /// What is called in the end: `requests.get`.
    pub what: String,
    /// The codemod that knows it.
    pub codemod: &'static str,
    /// Where the blocking call is.
    pub end: Place,
    /// What the user can do about it: one sentence in the imperative, no full stop.
    pub help: String,
}

/// What a rule of `check` found (see [`crate::rules`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The name of the rule.
    pub rule: &'static str,
    /// Where it is.
    pub place: Place,
    /// The dotted name of the function that holds it, or `<module>`.
    pub function: String,
    /// What is wrong: one sentence without a full stop.
    pub message: &'static str,
    /// What exactly.
    pub detail: Option<String>,
    /// What to do: one sentence in the imperative, without a full stop.
    pub help: &'static str,
    /// The codemod that mends it where it can.
    pub codemod: Option<&'static str>,
}

/// A function on the way to a blocking call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainStep {
    /// Its dotted name.
    pub function: String,
    /// Its file, as shown to the user.
    pub file: String,
    /// 1-based line of its header.
    pub line: u32,
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
    /// The functions that become async, as `file: dotted name`, sorted.
    pub recoloured: Vec<String>,
    /// Those among them that are public names of a library: for their callers elsewhere it is a break.
    pub public: Vec<String>,
    /// The markers of half units that the files hold once the plan is applied, sorted by place.
    pub markers: Vec<HalfDone>,
    /// What waits for barriers, the fewest barriers first, then the most candidates.
    pub waiting: Vec<Waiting>,
    /// The blocking chains, sorted by place, where the request asks for them.
    pub chains: Vec<BlockingChain>,
    /// What the rules found, sorted by place, where the request asks for them.
    pub advice: Vec<Advice>,
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
