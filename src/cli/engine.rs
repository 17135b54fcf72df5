//! What the command line needs from the rest of the program. This file is the only one that knows both sides.

use std::fmt;
use std::path::PathBuf;

use crate::plan::{FileChange, Plan};
use crate::python::PythonVersion;
use crate::unit::Reason;

/// Where calls may turn their callers async.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// Only what is inside `async def` already is rewritten
    Function,
    /// Functions become async through the whole project
    Project,
}

/// What the command line says on top of the configuration. `None` and empty lists leave the configuration as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The configuration file to read in place of the nearest one.
    pub config: Option<PathBuf>,
    /// The codemods to run, or the single name `all`.
    pub select: Option<Vec<String>>,
    /// The codemods not to run.
    pub ignore: Vec<String>,
    /// Whether to take units whose behaviour may differ; `false` leaves it to the configuration.
    pub allow_unsafe: bool,
    /// How far async spreads.
    pub scope: Option<Scope>,
    /// The lowest Python that must run the result.
    pub target_version: Option<PythonVersion>,
    /// Patterns to exclude besides those of the configuration.
    pub exclude: Vec<String>,
}

/// What to plan.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Files and directories; each exists. Never empty.
    pub paths: &'a [PathBuf],
    /// What the command line overrides.
    pub overrides: &'a Overrides,
    /// The number of threads; `None` is one for each core.
    pub jobs: Option<usize>,
    /// Whom to tell how far the work is.
    pub progress: Option<&'a dyn Progress>,
}

/// Hears how far the work is. Called from any thread.
pub trait Progress: Sync {
    /// A phase begins, named for the user (`reading`, `solving`); `total` is its number of steps where it is known.
    fn phase(&self, name: &'static str, total: Option<usize>);
    /// So many steps of the phase are done.
    fn advance(&self, steps: usize);
}

/// A codemod, as `list` and `explain` show it.
#[derive(Clone, Debug)]
pub struct CodemodInfo {
    /// Its name, as in `--select`.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Its README, in markdown.
    pub readme: &'static str,
    /// What it does to the callers.
    pub role: Role,
    /// The lowest Python that can run its result.
    pub min_python: PythonVersion,
    /// Why it leaves candidates alone.
    pub reasons: Vec<&'static Reason>,
}

/// Whether a codemod turns functions async.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It turns the callers of what it rewrites async.
    Seed,
    /// It rewrites only where the function is, or becomes, async.
    Follower,
}

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Follower => "follower",
        }
    }
}

/// How to apply.
#[derive(Clone, Copy, Debug)]
pub struct ApplyRequest<'a> {
    /// Whether to write files that hold changes that are not committed.
    pub allow_dirty: bool,
    /// The paths that were given: nothing outside them is written.
    pub roots: &'a [PathBuf],
}

/// The rest of the program. Errors may hold a [`Failure`], whose help is printed too.
pub trait Engine {
    /// Every codemod, in the order of `list`.
    fn codemods(&self) -> Vec<CodemodInfo>;
    /// Plans the migration.
    ///
    /// # Errors
    ///
    /// The configuration or a path cannot be read. What is wrong with single files is in [`Plan::problems`].
    fn plan(&self, request: Request<'_>) -> anyhow::Result<Plan>;
    /// Writes the changes: all or none.
    ///
    /// # Errors
    ///
    /// A file has changed since it was read, holds uncommitted changes, or cannot be written.
    fn apply(&self, files: &[FileChange], request: ApplyRequest<'_>) -> anyhow::Result<()>;
    /// The unified diff of one file, in the encoding of the file.
    fn diff(&self, file: &FileChange, colour: bool) -> Vec<u8>;
    /// The table of changed lines by file, as wide as `width` columns.
    fn stat(&self, files: &[FileChange], width: usize, colour: bool) -> String;
}

/// An error with something that the user can do about it.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do: one sentence in the imperative, without a full stop.
    pub help: String,
}

impl Failure {
    /// An error from its two sentences.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The real engine: hands everything on to the modules that do the work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Awaitify;

// ADAPTER: to wire when the engine is merged; nothing else in `cli` or `report` has to change.
impl Engine for Awaitify {
    fn codemods(&self) -> Vec<CodemodInfo> {
        // crate::codemods::CODEMODS
        Vec::new()
    }

    fn plan(&self, _request: Request<'_>) -> anyhow::Result<Plan> {
        // crate::config::load / nearest + overrides -> crate::pipeline::plan
        Err(not_wired())
    }

    fn apply(&self, _files: &[FileChange], _request: ApplyRequest<'_>) -> anyhow::Result<()> {
        // crate::apply::apply, ApplyError -> Failure
        Err(not_wired())
    }

    fn diff(&self, _file: &FileChange, _colour: bool) -> Vec<u8> {
        // crate::diff::unified | coloured
        Vec::new()
    }

    fn stat(&self, _files: &[FileChange], _width: usize, _colour: bool) -> String {
        // crate::diff::stat
        String::new()
    }
}

fn not_wired() -> anyhow::Error {
    Failure::new(
        "this build of awaitify has no engine",
        "build it from the main branch",
    )
    .into()
}
