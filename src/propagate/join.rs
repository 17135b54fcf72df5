//! Which files join: those that call, directly or through others, what becomes async.

use rustc_hash::{FxHashMap, FxHashSet};

use super::escape::Carriers;
use super::index::{CallIndex, Follow, any_name};
use super::protocol::{Protocol, is_special};
use super::unseen::is_uncalled;
use super::{Propagation, Settled, functions_of};
use crate::callgraph::resolve::{ClassId, Resolver};
use crate::callgraph::{FileFacts, Function, Target};
use crate::index::Project;
use crate::loops;
use crate::semantic::Runner;
use crate::semantic::common::is_common_method;
use crate::unit::{FileId, FunctionId, Holder};

/// Loads the facts of files that are not there yet.
pub trait Loader {
    /// The facts of these files; files that cannot be read are left out.
    fn load(&self, files: &[FileId]) -> Vec<(FileId, FileFacts)>;
    /// The files outside of `known` whose text holds one of these words.
    fn holding(&self, words: &[String], known: &FxHashSet<FileId>) -> Vec<FileId>;
}

/// What a round of [`Propagation::join`] finds.
struct NewNames {
    /// Names that any file may use.
    global: Vec<String>,
    /// Names of functions that are defined in functions.
    local: Vec<String>,
    /// The modules that it takes to tell more.
    missing: Vec<FileId>,
}

/// Calls that go through no more modules than this are followed round by round.
const SHALLOW: u32 = 3;

/// What the callers are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    /// They would have to become async: the search ends where that is impossible.
    Colour,
    /// They run what is called.
    Callers,
}

impl Propagation {
    /// Joins every file that calls, directly or through others, what these holders run.
    /// With `allow_unsafe`, likely calls are calls.
    pub fn join(
        &mut self,
        project: &Project,
        holders: &[Holder],
        loader: &dyn Loader,
        allow_unsafe: bool,
    ) {
        self.likely.trust_callers(allow_unsafe);
        // What runs an event loop must not be called from what becomes async: its callers matter like those of a seed.
        let runs: Vec<String> = LOOP_RUNNERS
            .iter()
            .chain(loops::RUNNER_WORDS)
            .map(|name| (*name).to_string())
            .collect();
        let known: FxHashSet<FileId> = self.facts.keys().copied().collect();
        let files = loader.holding(&runs, &known);
        let starts = functions_of(holders);
        self.join_for(Search::Colour, project, &starts, loader, files);
    }

    /// Joins every file that calls, directly or through sync functions, what these functions are, whatever they are.
    pub fn join_callers(&mut self, project: &Project, starts: &[FunctionId], loader: &dyn Loader) {
        self.join_for(Search::Callers, project, starts, loader, Vec::new());
    }

    fn join_for(
        &mut self,
        search: Search,
        project: &Project,
        starts: &[FunctionId],
        loader: &dyn Loader,
        mut files: Vec<FileId>,
    ) {
        let mut tried: FxHashSet<FileId> = self.facts.keys().copied().collect();
        for round in 0.. {
            let joined = self.load(files, &mut tried, loader);
            if round > SHALLOW {
                self.look_ahead(joined, &mut tried, loader);
            }
            let (mut new, index, likely) = {
                let resolver = Resolver::new(project, &self.facts, &self.names);
                let mut index = CallIndex::new(&resolver, self);
                let new = self.new_names(search, project, &resolver, &mut index, starts);
                // Then nothing was added to the index, and nothing can be to the next one.
                let is_last = new.global.is_empty()
                    && new.local.is_empty()
                    && new.missing.iter().all(|file| tried.contains(file));
                let likely = is_last.then(|| match search {
                    Search::Colour => {
                        Some(self.look_for_likely(project, &resolver, &index, starts))
                    }
                    Search::Callers => None,
                });
                (new, index, likely)
            };
            if let Some(likely) = likely {
                // New names may resolve calls of files that are there already.
                if likely.is_some_and(|likely| self.likely.add(likely)) {
                    files = Vec::new();
                    continue;
                }
                self.keep_index(index);
                return;
            }
            new.global.sort_unstable();
            self.names.extend(new.global.iter().cloned());
            self.names.extend(new.local);
            // Nobody calls those by name, or names the class as well.
            new.global.retain(|name| !is_special(name));
            files = new
                .missing
                .into_iter()
                .filter(|file| !tried.contains(file))
                .collect();
            if !new.global.is_empty() {
                files.extend(loader.holding(&new.global, &tried));
            }
        }
    }

    /// Loads files; gives those that could be read.
    fn load(
        &mut self,
        mut files: Vec<FileId>,
        tried: &mut FxHashSet<FileId>,
        loader: &dyn Loader,
    ) -> Vec<FileId> {
        files.sort_unstable();
        files.dedup();
        tried.extend(files.iter().copied());
        self.facts.extend(loader.load(&files));
        let (joined, unread): (Vec<FileId>, Vec<FileId>) = files
            .into_iter()
            .partition(|file| self.facts.contains_key(file));
        self.unread.extend(unread);
        joined
    }

    /// The names by which what has joined matters and that are not known yet.
    fn new_names(
        &self,
        search: Search,
        project: &Project,
        resolver: &Resolver<'_>,
        index: &mut CallIndex,
        starts: &[FunctionId],
    ) -> NewNames {
        let mut names = self.names.clone();
        let reached = match search {
            Search::Colour => {
                let mut starts = starts.to_vec();
                starts.extend(self.loop_runners());
                let entries = self.entry_points(resolver);
                let ends = |index: &CallIndex, id: FunctionId| {
                    !entries.contains(id) && index.is_fixed(resolver, id, self.allow_unsafe)
                };
                let mut reached = index.spread(
                    resolver,
                    &self.facts,
                    &mut names,
                    &starts,
                    &ends,
                    Follow::All,
                );
                // Who runs the functions of a program matters as well: they run a loop then.
                let by_name = self.named_with(resolver, &entries, &reached);
                if !by_name.functions.is_empty() {
                    starts.extend(by_name.functions);
                    reached = index.spread(
                        resolver,
                        &self.facts,
                        &mut names,
                        &starts,
                        &ends,
                        Follow::All,
                    );
                }
                names.extend(by_name.words);
                reached
            }
            Search::Callers => {
                // Nobody calls these by their names.
                let ends = |_: &CallIndex, id: FunctionId| {
                    resolver.function(id).is_none_or(|function| {
                        function.is_lambda || function.name.starts_with("__")
                    })
                };
                index.spread(
                    resolver,
                    &self.facts,
                    &mut names,
                    starts,
                    &ends,
                    Follow::All,
                )
            }
        };
        // What decorates them decorates others as well, under the decorator's name.
        names.extend(
            reached
                .iter()
                .filter_map(|&id| resolver.function(index.decorators.maker(id)?))
                .map(|maker| maker.name.clone()),
        );
        // Special methods are called where instances get to; so is what nothing in sight calls.
        let carriers = Carriers::new(resolver, &self.facts);
        for &id in &reached {
            if let Some(function) = resolver.function(id)
                && !index.is_fixed(resolver, id, self.allow_unsafe)
                && (Protocol::of(function).is_some() || is_uncalled(resolver, index, project, id))
            {
                names.extend(carriers.of(id, function));
            }
        }
        // A class that joins one of theirs with another, elsewhere.
        for &id in &reached {
            if let Some(function) = resolver.function(id)
                && let Some(class) = function.class
            {
                let others = index.told_apart_by(resolver.stored_name(id, function));
                let others: FxHashSet<ClassId> = others.collect();
                let own = ClassId {
                    file: id.file,
                    index: class,
                };
                if !others.is_empty() {
                    let classes = others.into_iter().chain([own]);
                    names.extend(classes.flat_map(|class| resolver.names_below(class)));
                }
            }
        }
        // A module may be the object on which something of a function's name is called.
        for &id in &reached {
            if let Some(function) = resolver.function(id)
                && function.class.is_none()
                && function.outer.is_none()
                && !index.unknown_receivers(&function.name).is_empty()
            {
                let module = &project.file(id.file).module.name;
                names.insert(module.rsplit('.').next().unwrap_or(module).to_string());
            }
        }
        names.extend(self.aliases());
        // Who else knows the places where they are kept.
        names.extend(index.shared.words.iter().cloned());
        names.extend(resolver.wanted());
        // Files that know a function by another name.
        names.extend(
            resolver
                .renamed()
                .into_iter()
                .filter(|(id, ..)| reached.contains(id))
                .map(|(_, _, name)| name.to_string()),
        );
        names.retain(|name| !self.names.contains(name));
        // No other file can call what is defined in a function by its name.
        let (local, global): (Vec<&Function>, Vec<&Function>) = reached
            .iter()
            .filter_map(|&id| resolver.function(id))
            .partition(|function| function.outer.is_some() && function.class.is_none());
        let global: FxHashSet<&str> = global
            .iter()
            .map(|function| function.name.as_str())
            .collect();
        let local = local
            .into_iter()
            .map(|function| function.name.as_str())
            .filter(|name| !global.contains(name))
            .filter_map(|name| names.take(name))
            .collect();
        NewNames {
            global: names.into_iter().collect(),
            local,
            missing: resolver.missing(),
        }
    }

    /// Loads files that may join in the next rounds, told by names alone: each round resolves everything again, and a chain
    /// of calls through many files would take a round for each. At most as many files as have joined are loaded, so that the
    /// work doubles from round to round and stays linear over all of them.
    fn look_ahead(
        &mut self,
        mut joined: Vec<FileId>,
        tried: &mut FxHashSet<FileId>,
        loader: &dyn Loader,
    ) {
        let mut budget = self.facts.len();
        let mut seen: FxHashSet<String> = self.names.clone();
        while !joined.is_empty() {
            let mut new: Vec<String> = joined
                .iter()
                .flat_map(|file| callers_by_name(&self.facts[file], &seen))
                .filter(|name| !seen.contains(name) && !is_common_method(name) && !is_special(name))
                .collect();
            new.sort_unstable();
            new.dedup();
            if new.is_empty() {
                return;
            }
            seen.extend(new.iter().cloned());
            let files = loader.holding(&new, tried);
            if files.len() > budget {
                return;
            }
            budget -= files.len();
            joined = self.load(files, tried, loader);
        }
    }

    /// For each set of holders, the files that hold its functions or come to them through calls, async ones too.
    pub fn files_reaching(
        &self,
        settled: &Settled<'_>,
        holders: &[&[Holder]],
    ) -> Vec<FxHashSet<FileId>> {
        if holders.is_empty() {
            return Vec::new();
        }
        let (resolver, index) = (settled.resolver(), settled.index());
        let files = |holders: &&[Holder]| {
            let mut files: FxHashSet<FileId> = FxHashSet::default();
            let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
            let mut pending = functions_of(holders);
            while let Some(id) = pending.pop() {
                if !seen.insert(id) {
                    continue;
                }
                files.insert(id.file);
                pending.extend(resolver.kin(id));
                pending.extend(index.peers_of(id));
                pending.extend(index.shared_with(id));
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

    /// The sync functions that run an event loop or fork the process themselves.
    pub(super) fn loop_runners(&self) -> Vec<FunctionId> {
        self.facts.tables().loop_runners.clone()
    }

    /// Other names under which modules hand out what matters: `from .impl import _load as load`.
    pub(super) fn aliases(&self) -> Vec<String> {
        let renames = self.facts.tables().renames.iter();
        renames
            .map(|(file, number)| &self.facts[file].names[*number as usize])
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

/// What runs an event loop to the end, forks the process or makes greenlets, as it stands in a text.
pub(super) const LOOP_RUNNERS: &[&str] = &[
    "asyncio.run",
    "uvloop.run",
    "anyio.run",
    "trio.run",
    "run_until_complete",
    "run_forever",
    "async_to_sync",
    "asyncio import",
    "uvloop import",
    "anyio import",
    "trio import",
    "fork",
    "forkpty",
    "DaemonContext",
    "gevent",
    "eventlet",
];

/// The functions of a file that call, directly or through others of it, what has one of these names.
fn callers_by_name(facts: &FileFacts, names: &FxHashSet<String>) -> Vec<String> {
    let mut callers: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for call in &facts.calls {
        if let Runner::Function(index) = call.runner {
            any_name(facts, &call.callee, |name| {
                callers.entry(name).or_default().push(index);
                false
            });
        }
    }
    let mut pending: Vec<&str> = callers
        .keys()
        .copied()
        .filter(|name| names.contains(*name))
        .collect();
    let mut found: Vec<String> = Vec::new();
    while let Some(name) = pending.pop() {
        for index in callers.remove(name).into_iter().flatten() {
            if let Some(function) = facts.functions.get(index as usize)
                && !function.is_async
                && !function.is_lambda
            {
                pending.push(&function.name);
                found.push(function.name.clone());
            }
        }
    }
    found
}
