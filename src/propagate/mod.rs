//! Propagation: which functions of the project become async, and what that takes at their callers.
//!
//! [`Propagation`] holds the facts of all files that have joined. [`Propagation::requirements`] turns them into the edges
//! and barriers of [`crate::solve::Graph`]; [`Propagation::recolour`] follows the taken units to the functions that become
//! async and lists the sites to write.

mod barriers;
mod decorators;
mod doctests;
mod doubles;
mod doubts;
mod entries;
mod escape;
mod flow;
mod followers;
mod index;
mod join;
mod likely;
mod misfits;
mod programs;
mod protocol;
mod reasons;
mod recolour;
mod requirements;
mod rules;
#[cfg(test)]
mod scale_tests;
mod settled;
mod shape;
mod testing;
mod threads;
mod tools;
mod unseen;

pub use doubts::{Doubt, DoubtKind};
pub(crate) use index::CallIndex;
pub use join::Loader;
pub use likely::Likely;
pub use programs::Programs;
pub use protocol::is_special;
pub use reasons::*;
pub use recolour::{Halves, Recolour};
pub use rules::{Describe, Places, Rules, TestRunner, Texts};
pub use settled::Settled;
pub use shape::Shape;
pub use threads::{Bridge, TO_THREAD};

use rustc_hash::FxHashSet;

use crate::callgraph::project::ProjectFacts;
use crate::config::TestNames;
use crate::semantic::{NodeId, Runner};
use crate::unit::{FileId, FunctionId, Holder};

/// The facts of all files that have joined.
#[derive(Debug, Default)]
pub struct Propagation {
    /// By file.
    pub facts: ProjectFacts,
    /// The names of the functions that matter, as they are called anywhere: calls of other names need not be resolved.
    pub names: FxHashSet<String>,
    /// The files that hold such a name and cannot be parsed, or are no Python source.
    pub unread: Vec<FileId>,
    /// The methods that calls on receivers of unknown class are taken for.
    pub likely: Likely,
    /// Whether restructurings that may differ are taken.
    pub allow_unsafe: bool,
    /// What the metadata and the settings say about where programs begin.
    pub programs: Programs,
    /// The names by which pytest knows tests.
    pub test_names: TestNames,
    /// The calls that a unit awaits, because it follows the object: nothing need be known of the receiver.
    pub followed: FxHashSet<(FileId, NodeId)>,
    /// The calls of `next` that units make calls of `anext`: see [`crate::unit::Unit::nexts`].
    pub nexts: FxHashSet<(FileId, NodeId)>,
    /// The methods that the async base of a class awaits, see [`crate::callgraph::Class::is_converted`].
    pub overrides: FxHashSet<FunctionId>,
    /// The functions that hold a blocking call of an object which stays as it is.
    pub blocking: Vec<FunctionId>,
    /// What was worked out last of the calls.
    pub(crate) last: Option<Last>,
}

/// The calls of a propagation as long as it has so many files and names.
#[derive(Debug)]
pub(crate) struct Last {
    index: CallIndex,
    files: usize,
    names: usize,
    followed: usize,
}

impl Propagation {
    /// What was worked out last of the calls, if that still holds.
    fn take_index(&mut self) -> Option<CallIndex> {
        let last = self.last.take()?;
        let is_same = last.files == self.facts.len()
            && last.names == self.names.len()
            && last.followed == self.followed.len();
        is_same.then_some(last.index)
    }

    fn keep_index(&mut self, index: CallIndex) {
        self.last = Some(Last {
            index,
            files: self.facts.len(),
            names: self.names.len(),
            followed: self.followed.len(),
        });
    }
}

fn functions_of(holders: &[Holder]) -> Vec<FunctionId> {
    holders
        .iter()
        .filter_map(|holder| match holder {
            Holder::Function(id) => Some(*id),
            Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
        })
        .collect()
}

/// What holds the code that a runner runs.
pub fn holder(file: FileId, runner: Runner) -> Holder {
    match runner {
        Runner::Function(index) => Holder::Function(FunctionId { file, index }),
        Runner::Module => Holder::Module(file),
        Runner::Class => Holder::Class(file),
    }
}
