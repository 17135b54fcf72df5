//! What people and programs read about a [`Plan`](crate::plan::Plan).
//!
//! Every function here is pure: it returns text and prints nothing.

pub mod findings;
pub mod github;
pub mod json;
pub mod sarif;
pub mod summary;
mod waiting;
pub mod why;
mod words;

pub use findings::findings;
pub use github::github;
pub use json::json;
pub use sarif::sarif;
pub use summary::{error, problems, summary};
pub use why::{why, why_json};

/// How much to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Up to three places of everything.
    #[default]
    Normal,
    /// Every place.
    Verbose,
}

/// How text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// The width to fit long source lines into, in columns.
    pub width: usize,
}

impl Default for Look {
    /// No colour, 100 columns: the same text wherever it is not read on a terminal.
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
        }
    }
}

/// The command that made a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanCommand {
    /// `awaitify diff`: nothing is written.
    Diff,
    /// `awaitify apply`: the plan was written.
    Apply,
    /// `awaitify check`: nothing is written.
    Check,
}

impl PlanCommand {
    /// The name as typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diff => "diff",
            Self::Apply => "apply",
            Self::Check => "check",
        }
    }
}

#[cfg(test)]
pub(crate) mod samples;
