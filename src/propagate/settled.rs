//! The call graph when nothing joins any more: resolved once, for all that is asked of it after that.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::Propagation;
use super::index::CallIndex;
use super::programs::EntryPoints;
use crate::callgraph::Callee;
use crate::callgraph::resolve::{Called, Resolved, Resolver};
use crate::index::Project;
use crate::semantic::Runner;
use crate::unit::{FileId, FunctionId};

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

    /// The functions of a file that call one of these for certain, once for each call.
    pub fn callers(&self, file: FileId, called: &FxHashSet<FunctionId>) -> Vec<FunctionId> {
        let calls = self.propagation.facts.get(&file).map(|facts| &facts.calls);
        let calls = calls.into_iter().flatten().filter(|call| {
            match self.resolver().called(file, &call.callee) {
                Called::Functions(functions) => functions.iter().any(|id| called.contains(id)),
                Called::Nothing => self
                    .constructor(file, &call.callee)
                    .is_some_and(|id| called.contains(&id)),
                _ => false,
            }
        });
        let callers = calls.filter_map(|call| match call.runner {
            Runner::Function(index) => Some(FunctionId { file, index }),
            Runner::Module | Runner::Class => None,
        });
        callers.collect()
    }

    /// The `__init__` of the class that is called.
    fn constructor(&self, file: FileId, callee: &Callee) -> Option<FunctionId> {
        let Callee::Target(target) = callee else {
            return None;
        };
        match self.resolver().target(file, target) {
            Resolved::Class(class) => self.resolver().method(class, "__init__"),
            _ => None,
        }
    }

    /// The functions with which a program begins.
    pub(super) fn entry_points(&self) -> &EntryPoints {
        self.entry_points
            .get_or_init(|| self.propagation.entry_points(self.resolver()))
    }
}
