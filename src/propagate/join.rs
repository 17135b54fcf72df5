//! Which files join: those that call, directly or through others, what becomes async.

use rustc_hash::FxHashSet;

use super::index::CallIndex;
use super::{Propagation, functions_of};
use crate::callgraph::resolve::Resolver;
use crate::callgraph::{FileFacts, Target};
use crate::index::Project;
use crate::semantic::Runner;
use crate::unit::{FileId, FunctionId, Holder};

/// Loads the facts of files that are not there yet.
pub trait Loader {
    /// The facts of these files; files that cannot be read are left out.
    fn load(&self, files: &[FileId]) -> Vec<(FileId, FileFacts)>;
    /// The files outside of `known` whose text holds one of these words.
    fn holding(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId>;
}

impl Propagation {
    /// Joins every file that calls, directly or through others, what these holders run.
    pub fn join(&mut self, project: &Project, holders: &[Holder], loader: &dyn Loader) {
        let mut tried: FxHashSet<FileId> = self.facts.keys().copied().collect();
        // What runs an event loop must not be called from what becomes async: its callers matter like those of a seed.
        let runs: Vec<String> = LOOP_RUNNERS
            .iter()
            .map(|name| (*name).to_string())
            .collect();
        let mut files = loader.holding(&runs, &tried);
        loop {
            files.sort_unstable();
            files.dedup();
            tried.extend(files.iter().copied());
            self.facts.extend(loader.load(&files));
            let unread = files.iter().filter(|file| !self.facts.contains_key(file));
            self.unread.extend(unread.copied());
            let (words, missing) = {
                let resolver = Resolver::new(project, &self.facts, &self.names);
                let index = CallIndex::new(&resolver, &self.facts, &self.names);
                let mut starts: Vec<FunctionId> = functions_of(holders);
                starts.extend(self.loop_runners());
                let is_blocked = |id: FunctionId| index.is_blocked(&resolver, id);
                let reached = index.reached(&resolver, &starts, &is_blocked);
                let mut words: FxHashSet<String> = reached
                    .iter()
                    .filter(|&&id| !is_blocked(id))
                    .filter_map(|&id| resolver.function(id))
                    .map(|function| function.name.clone())
                    .collect();
                words.extend(self.aliases());
                words.extend(resolver.wanted());
                // Files that know a function by another name.
                words.extend(
                    resolver
                        .renamed()
                        .into_iter()
                        .filter(|(id, ..)| reached.contains(id))
                        .map(|(_, _, name)| name.to_string()),
                );
                (words, resolver.missing())
            };
            let mut new: Vec<String> = words
                .into_iter()
                .filter(|word| !self.names.contains(word))
                .collect();
            new.sort_unstable();
            self.names.extend(new.iter().cloned());
            files = missing
                .into_iter()
                .filter(|file| !tried.contains(file))
                .collect();
            if !new.is_empty() {
                files.extend(loader.holding(&new, &tried));
            }
            // New names may resolve calls of files that are there already.
            if files.is_empty() && new.is_empty() {
                return;
            }
        }
    }

    /// For each set of holders, the files that hold its functions or come to them through calls, async ones too.
    pub fn files_reaching(
        &self,
        project: &Project,
        holders: &[&[Holder]],
    ) -> Vec<FxHashSet<FileId>> {
        if holders.is_empty() {
            return Vec::new();
        }
        let resolver = Resolver::new(project, &self.facts, &self.names);
        let index = CallIndex::new(&resolver, &self.facts, &self.names);
        let files = |holders: &&[Holder]| {
            let mut files: FxHashSet<FileId> = FxHashSet::default();
            let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
            let mut pending = functions_of(holders);
            while let Some(id) = pending.pop() {
                if !seen.insert(id) {
                    continue;
                }
                files.insert(id.file);
                pending.extend(resolver.family(id));
                pending.extend(index.peers_of(id));
                for &(file, call) in index.calls_of(id) {
                    files.insert(file);
                    if let Some(Runner::Function(index)) =
                        resolver.call(file, call).map(|call| call.runner)
                    {
                        pending.push(FunctionId { file, index });
                    }
                }
            }
            files
        };
        holders.iter().map(files).collect()
    }

    /// The sync functions that run an event loop themselves.
    pub(super) fn loop_runners(&self) -> Vec<FunctionId> {
        let mut found = Vec::new();
        for (&file, facts) in &self.facts {
            for (index, function) in facts.functions.iter().enumerate() {
                if function.runs_loop && !function.is_async {
                    found.push(FunctionId {
                        file,
                        index: index as u32,
                    });
                }
            }
        }
        found
    }

    /// Other names under which modules hand out what matters: `from .impl import _load as load`.
    pub(super) fn aliases(&self) -> Vec<String> {
        self.facts
            .values()
            .flat_map(|facts| &facts.names)
            .filter(|(name, target)| match target {
                Target::Path(path) => {
                    let last = path.rsplit('.').next().unwrap_or(path);
                    last != name && self.names.contains(last)
                }
                _ => false,
            })
            .map(|(name, _)| name.clone())
            .collect()
    }
}

/// What runs an event loop to the end, as it stands in a text.
pub(super) const LOOP_RUNNERS: &[&str] = &[
    "asyncio.run",
    "uvloop.run",
    "anyio.run",
    "trio.run",
    "run_until_complete",
    "run_forever",
    "async_to_sync",
];
