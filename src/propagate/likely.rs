//! Likely calls: those on a receiver of unknown class whose name only methods of the project have.
//!
//! Such a call is taken for one of all these methods where each of them becomes async by a need of its own, none of the
//! names is one that builtin and library types have too, and nothing else uses the name on something unknown. They then
//! have one colour. Nothing proves it, so it takes `--unsafe`, unless all such calls stand in tests.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::CallIndex;
use crate::callgraph::FileFacts;
use crate::callgraph::resolve::Resolver;
use crate::index::Project;
use crate::semantic::common::is_common_method;
use crate::unit::{FileId, FunctionId};

/// The names whose calls on receivers of unknown class are likely ones of methods of the project.
#[derive(Clone, Debug, Default)]
pub struct Likely {
    /// Those that are taken.
    taken: FxHashSet<String>,
    /// Those that `--unsafe` would take.
    offered: FxHashSet<String>,
    /// Whether what callers give tells the class of a parameter without annotation.
    trusts_callers: bool,
}

/// The names whose calls are likely ones.
pub(super) struct Found {
    taken: Vec<String>,
    offered: FxHashSet<String>,
}

impl Likely {
    /// Adds what was found. Whether there are more than before.
    pub(super) fn add(&mut self, found: Found) -> bool {
        let before = self.taken.len();
        self.taken.extend(found.taken);
        self.offered = found.offered;
        self.taken.len() > before
    }

    /// Whether what callers give tells the class of a parameter.
    pub(super) fn trusts_callers(&self) -> bool {
        self.trusts_callers
    }

    pub(super) fn trust_callers(&mut self, trusts: bool) {
        self.trusts_callers = trusts;
    }

    /// Whether `--unsafe` would take the calls of this name.
    pub(super) fn is_offered(&self, name: &str) -> bool {
        self.offered.contains(name) && !self.taken.contains(name)
    }

    /// The methods of the names that are taken, in order.
    pub(super) fn owners(
        &self,
        facts: &FxHashMap<FileId, FileFacts>,
    ) -> FxHashMap<String, Vec<FunctionId>> {
        if self.taken.is_empty() {
            return FxHashMap::default();
        }
        owners(facts, |name| self.taken.contains(name))
    }
}

impl Propagation {
    /// Looks for likely calls of what these functions turn async.
    pub(super) fn look_for_likely(
        &self,
        project: &Project,
        resolver: &Resolver<'_>,
        index: &CallIndex,
        starts: &[FunctionId],
    ) -> Found {
        let is_blocked =
            |id: FunctionId| index.is_fixed(resolver, id, false) || !index.values_of(id).is_empty();
        let reached = index.reached(resolver, starts, &is_blocked);
        let turns = |id: FunctionId| {
            reached.contains(&id)
                && !is_blocked(id)
                && resolver
                    .function(id)
                    .is_some_and(|function| !function.is_async)
        };
        let open = |name: &str| {
            let places = index.unknown_receivers(name);
            !is_common_method(name)
                && !places.is_empty()
                && places.iter().all(|place| place.is_open_call)
        };
        let owners = owners(&self.facts, open);
        let others = self.other_members(&owners);
        let mut taken: Vec<String> = Vec::new();
        let mut offered: FxHashSet<String> = FxHashSet::default();
        for (name, owners) in &owners {
            if others.contains(name) || !owners.iter().all(|&id| turns(id)) {
                continue;
            }
            let in_tests = index
                .unknown_receivers(name)
                .iter()
                .all(|place| is_test_file(&project.file(place.file).name));
            if self.likely.trusts_callers || in_tests {
                taken.push(name.clone());
            }
            offered.insert(name.clone());
        }
        Found { taken, offered }
    }

    /// The names among these that something else in the project has too: a plain function, which an unknown module may
    /// hold, or an attribute, which may be called.
    fn other_members(&self, names: &FxHashMap<String, Vec<FunctionId>>) -> FxHashSet<String> {
        let mut others: FxHashSet<String> = FxHashSet::default();
        for facts in self.facts.values() {
            let functions = facts
                .functions
                .iter()
                .filter(|function| function.class.is_none() && function.outer.is_none())
                .map(|function| &function.name);
            let attributes = facts.classes.iter().flat_map(|class| {
                let typed = class.attributes.iter().map(|(name, _)| name);
                typed.chain(&class.untyped)
            });
            others.extend(
                functions
                    .chain(attributes)
                    .chain(facts.stored_elsewhere.iter().map(|stored| &stored.name))
                    .chain(&facts.given_by_name)
                    .filter(|name| names.contains_key(*name))
                    .cloned(),
            );
        }
        others
    }
}

/// The methods of classes, by the name under which they are looked up, in order.
fn owners(
    facts: &FxHashMap<FileId, FileFacts>,
    wanted: impl Fn(&str) -> bool,
) -> FxHashMap<String, Vec<FunctionId>> {
    let mut files: Vec<FileId> = facts.keys().copied().collect();
    files.sort_unstable();
    let mut owners: FxHashMap<String, Vec<FunctionId>> = FxHashMap::default();
    for file in files {
        for class in &facts[&file].classes {
            for (name, index) in class.methods.iter().chain(&class.overloads) {
                if wanted(name) {
                    owners.entry(name.clone()).or_default().push(FunctionId {
                        file,
                        index: *index,
                    });
                }
            }
        }
    }
    owners
}

/// Whether a file holds tests, or what they share.
pub(super) fn is_test_file(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name);
    stem.starts_with("test_") || stem.ends_with("_test.py") || stem == "conftest.py"
}
