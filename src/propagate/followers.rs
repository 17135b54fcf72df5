//! Functions that become async after the solution: no seed needs them, but all that they block on has an async twin, and
//! only async code calls them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::CallIndex;
use super::join::Loader;
use super::{Propagation, Recolour, Settled, functions_of};
use crate::callgraph::resolve::{Called, Resolver};
use crate::index::Project;
use crate::semantic::Runner;
use crate::unit::{FileId, FunctionId, Holder};

impl Propagation {
    /// The sync functions that async code calls, directly or through others. `holders` are those of the seeds: what they
    /// may turn async counts as async code. Modules that `may_block` join, others do not: what they call is not seen.
    pub fn descend(
        &mut self,
        project: &Project,
        holders: &[Holder],
        loader: &dyn Loader,
        may_block: &dyn Fn(FileId) -> bool,
    ) -> FxHashSet<FunctionId> {
        let mut tried: FxHashSet<FileId> = self.facts.keys().copied().collect();
        loop {
            let (below, mut files) = self.below_async(project, holders);
            files.retain(|&file| tried.insert(file) && may_block(file));
            let new = loader.load(&files);
            if new.is_empty() {
                return below;
            }
            self.facts.extend(new);
        }
    }

    /// The sync functions that async code calls, as far as the files that have joined tell, and the modules that it would
    /// take to tell more.
    fn below_async(
        &mut self,
        project: &Project,
        holders: &[Holder],
    ) -> (FxHashSet<FunctionId>, Vec<FileId>) {
        let last = self.take_index();
        let resolver = Resolver::new(project, &self.facts, &self.names);
        let index = last.unwrap_or_else(|| CallIndex::new(&resolver, self));
        let turned = index.reached(&resolver, &functions_of(holders), &|id| {
            index.is_fixed(&resolver, id, false)
        });
        let mut calls: FxHashMap<FunctionId, Vec<usize>> = FxHashMap::default();
        let mut pending: Vec<FunctionId> = turned.into_iter().collect();
        for (&file, facts) in &self.facts {
            for (number, call) in facts.calls.iter().enumerate() {
                if let Runner::Function(index) = call.runner {
                    let runner = FunctionId { file, index };
                    calls.entry(runner).or_default().push(number);
                }
            }
            let is_async = facts.functions.iter().map(|function| function.is_async);
            pending.extend(is_async.enumerate().filter(|(_, is_async)| *is_async).map(
                |(index, _)| FunctionId {
                    file,
                    index: index as u32,
                },
            ));
        }
        // What moves into the function with which a program begins is async code as well.
        let mut begins: FxHashSet<FileId> = holders
            .iter()
            .filter_map(|holder| match holder {
                Holder::Statement(file, _) => Some(*file),
                _ => None,
            })
            .collect();
        for &id in &pending {
            let calls = index.calls_of(id).iter();
            begins.extend(
                calls
                    .filter(|(file, call)| self.facts[file].calls[*call].entry.is_some())
                    .map(|(file, _)| *file),
            );
        }
        for file in begins {
            let calls = self.facts.get(&file).map_or(&[][..], |facts| &facts.calls);
            for call in calls.iter().filter(|call| call.entry.is_some()) {
                if let Called::Functions(functions) = resolver.called(file, &call.callee) {
                    pending.extend(functions);
                }
            }
        }
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            for &call in calls.get(&id).into_iter().flatten() {
                let callee = &self.facts[&id.file].calls[call].callee;
                if let Called::Functions(functions) = resolver.called(id.file, callee) {
                    pending.extend(functions);
                }
            }
        }
        seen.retain(|&id| {
            resolver
                .function(id)
                .is_some_and(|function| !function.is_async)
        });
        let missing = resolver.missing();
        self.keep_index(index);
        (seen, missing)
    }

    /// The functions among these, and among those that call them, which can become async without anything else to become
    /// so: all their callers are async, or turned, or follow as well. `recolour` says what turns async without them,
    /// `is_barred` what must stay sync.
    pub fn followers(
        &self,
        settled: &Settled<'_>,
        wanted: &[FunctionId],
        recolour: &Recolour,
        is_barred: &dyn Fn(FunctionId) -> bool,
    ) -> Vec<FunctionId> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let (resolver, index) = (settled.resolver(), settled.index());
        let entries = settled.entry_points();
        let is_async = |id: FunctionId| {
            recolour.functions.contains(&id)
                || resolver
                    .function(id)
                    .is_some_and(|function| function.is_async)
        };
        let stays = |id: FunctionId| entries.contains(id) || is_barred(id);
        let mut following: FxHashSet<FunctionId> = index
            .reached(resolver, wanted, &|id| stays(id) || is_async(id))
            .into_iter()
            .filter(|&id| !stays(id) && !is_async(id) && resolver.function(id).is_some())
            .collect();
        loop {
            let before = following.len();
            // What one call may reach has one colour, and so have a method and its overrides.
            let current = following.clone();
            let may = |id: FunctionId| is_async(id) || current.contains(&id);
            following.retain(|&id| {
                let family: Vec<FunctionId> = std::iter::once(id)
                    .chain(resolver.kin(id))
                    .chain(index.peers_of(id))
                    .collect();
                let is_called = family.iter().any(|&id| !index.calls_of(id).is_empty());
                is_called
                    && family.iter().all(|&id| may(id))
                    && index.calls_of(id).iter().all(|&(file, call)| {
                        let call = &self.facts[&file].calls[call];
                        recolour.begins_with(file, call)
                            || runner(&call.runner, file).is_some_and(may)
                    })
            });
            // Code that only calls itself is not called by async code.
            let mut alive: FxHashSet<FunctionId> = FxHashSet::default();
            loop {
                let size = alive.len();
                let rooted: Vec<FunctionId> = following
                    .iter()
                    .copied()
                    .filter(|&id| {
                        !alive.contains(&id)
                            && (index.calls_of(id).iter().any(|&(file, call)| {
                                let call = &self.facts[&file].calls[call];
                                recolour.begins_with(file, call)
                                    || runner(&call.runner, file)
                                        .is_some_and(|by| is_async(by) || alive.contains(&by))
                            }) || resolver
                                .kin(id)
                                .into_iter()
                                .chain(index.peers_of(id))
                                .any(|id| alive.contains(&id)))
                    })
                    .collect();
                alive.extend(rooted);
                if alive.len() == size {
                    break;
                }
            }
            following = alive;
            if following.len() == before {
                break;
            }
        }
        let mut following: Vec<FunctionId> = following.into_iter().collect();
        following.sort_unstable();
        // Those that only call what does not follow have no reason to.
        let wanted: Vec<FunctionId> = wanted
            .iter()
            .copied()
            .filter(|id| following.binary_search(id).is_ok())
            .collect();
        let needed = index.reached(resolver, &wanted, &|id| is_async(id));
        following.retain(|id| needed.contains(id));
        following
    }
}

/// The function that runs a call.
fn runner(runner: &Runner, file: FileId) -> Option<FunctionId> {
    match *runner {
        Runner::Function(index) => Some(FunctionId { file, index }),
        Runner::Module | Runner::Class => None,
    }
}
