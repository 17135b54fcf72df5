//! The call graph when nothing joins any more: resolved once, for all that is asked of it after that.

use std::cell::OnceCell;

use super::Propagation;
use super::index::{CallIndex, runner};
use super::programs::EntryPoints;
use crate::callgraph::resolve::Resolver;
use crate::index::Project;
use crate::unit::FunctionId;

/// A propagation that does not change any more. What it is asked for is worked out at the first question.
pub struct Settled<'p> {
    /// The project.
    pub project: &'p Project,
    /// The facts of all files that have joined.
    pub propagation: &'p Propagation,
    resolver: OnceCell<Resolver<'p>>,
    index: OnceCell<CallIndex>,
    entry_points: OnceCell<EntryPoints>,
}

impl Propagation {
    /// Takes it for complete: no file joins any more.
    pub fn settle<'p>(&'p mut self, project: &'p Project) -> Settled<'p> {
        let index = self.take_index().map_or_else(OnceCell::new, OnceCell::from);
        Settled {
            project,
            propagation: self,
            resolver: OnceCell::new(),
            index,
            entry_points: OnceCell::new(),
        }
    }
}

impl<'p> Settled<'p> {
    pub(super) fn resolver(&self) -> &Resolver<'p> {
        let Propagation { facts, names, .. } = self.propagation;
        self.resolver
            .get_or_init(|| Resolver::new(self.project, facts, names))
    }

    pub(super) fn index(&self) -> &CallIndex {
        self.index
            .get_or_init(|| CallIndex::new(self.resolver(), self.propagation))
    }

    /// The functions that call this one, once for each call.
    pub fn callers(&self, id: FunctionId) -> impl Iterator<Item = FunctionId> + '_ {
        let calls = self.index().calls_of(id).iter();
        calls.filter_map(|&(file, call)| runner(self.resolver(), file, call))
    }

    /// The functions with which a program begins.
    pub(super) fn entry_points(&self) -> &EntryPoints {
        self.entry_points
            .get_or_init(|| self.propagation.entry_points(self.resolver()))
    }
}
