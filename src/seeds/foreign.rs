//! Callables of libraries that the user names as seeds: `httpx.Client.request`, `httpx.Client.*`.
//!
//! Nobody can read a library's callable here, so its name says all that is known: it is a coroutine function, or will be
//! once the user has changed the type of the client. Each call that resolves to it is a site to await, and a unit of its
//! own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Lookup, report, unit};
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::Resolver;
use crate::callgraph::{Call, Callee, Usage};
use crate::index::Project;
use crate::plan::{Left, UnitReport};
use crate::propagate::{self, RACE};
use crate::selector::{is_pattern, matches_pattern};
use crate::semantic::Runner;
use crate::unit::{ColourSite, FileId, Reason, Unit};

/// The result of a library's callable is entered.
pub static ENTERED: Reason = Reason {
    code: "foreign-with",
    message: "a `with` statement enters what the named callable gives, and its name does not say whether the async one is awaited or entered with `async with`",
    help: "change the statement by hand",
};

/// The names that may mean callables of libraries.
pub struct Foreign<'n> {
    /// Each with its number among the names.
    patterns: Vec<(usize, &'n str)>,
}

/// What calls of them become.
#[derive(Default)]
pub(super) struct Calls {
    pub(super) units: Vec<(Unit, UnitReport)>,
    pub(super) left: Vec<Left>,
    /// The numbers of the names that a call was found for.
    pub(super) matched: FxHashSet<usize>,
}

impl<'n> Foreign<'n> {
    /// Those of the names that begin with a module which is not part of the project: `httpx.Client.*`, but not `*Client.*`.
    pub fn new(names: &'n [String], project: &Project) -> Self {
        let patterns = names
            .iter()
            .map(|name| name.trim())
            .enumerate()
            .filter(|(_, name)| {
                !name.contains(':')
                    && name.split_once('.').is_some_and(|(module, _)| {
                        !is_pattern(module) && !project.is_first_party(module)
                    })
            })
            .collect();
        Self { patterns }
    }

    /// Whether no name may mean one.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a name means the callable of this path.
    pub fn names(&self, path: &str) -> bool {
        self.patterns
            .iter()
            .any(|(_, pattern)| means(pattern, path))
    }

    /// Whether one of the names may mean a callable of a library.
    pub(super) fn may_mean(&self, name: &str) -> bool {
        self.patterns.iter().any(|(_, pattern)| *pattern == name)
    }

    /// Whether a name may mean a method of this name.
    fn may_name(&self, method: &str) -> bool {
        self.patterns.iter().any(|(_, pattern)| {
            let last = pattern.rsplit('.').next().unwrap_or(pattern);
            // A star may stand for dots, too.
            last.contains('*') || matches_pattern(last, method)
        })
    }

    /// The units of the calls in these files and in those that say what the receivers of such calls are.
    pub(super) fn calls(&self, lookup: &Lookup<'_>, facts: &mut ProjectFacts) -> Calls {
        let mut tried: FxHashSet<FileId> = facts.keys().copied().collect();
        loop {
            let (calls, mut more) = {
                let resolver = Resolver::new(lookup.project, facts, &FxHashSet::default());
                let calls = self.found(&resolver, facts);
                let mut more = resolver.missing();
                let wanted = resolver.wanted();
                if !wanted.is_empty() {
                    more.extend(lookup.loader.holding(&wanted, &tried));
                }
                (calls, more)
            };
            more.retain(|file| tried.insert(*file));
            if more.is_empty() {
                return self.units(lookup, facts, &calls);
            }
            more.sort_unstable();
            facts.extend(lookup.loader.load(&more));
        }
    }

    /// The calls of what is named, by file and number, in order, with the numbers of the names.
    fn found(
        &self,
        resolver: &Resolver<'_>,
        facts: &ProjectFacts,
    ) -> Vec<(FileId, usize, Vec<usize>)> {
        let mut files: Vec<FileId> = facts.keys().copied().collect();
        files.sort_unstable();
        let mut found = Vec::new();
        for file in files {
            for (number, call) in facts[&file].calls.iter().enumerate() {
                let may_be = match &call.callee {
                    Callee::Foreign(_) => true,
                    Callee::Target(crate::callgraph::Target::Path(path)) => {
                        self.may_name(path.rsplit('.').next().unwrap_or(path))
                    }
                    Callee::Method { name, .. } | Callee::Super { name, .. } => self.may_name(name),
                    _ => false,
                };
                if !may_be {
                    continue;
                }
                let paths = resolver.foreign(file, &call.callee);
                let names: Vec<usize> = self
                    .patterns
                    .iter()
                    .filter(|(_, pattern)| paths.iter().any(|path| means(pattern, path)))
                    .map(|(name, _)| *name)
                    .collect();
                if !names.is_empty() && paths.iter().all(|path| self.names(path)) {
                    found.push((file, number, names));
                }
            }
        }
        found
    }

    fn units(
        &self,
        lookup: &Lookup<'_>,
        facts: &ProjectFacts,
        calls: &[(FileId, usize, Vec<usize>)],
    ) -> Calls {
        let mut result = Calls::default();
        let mut texts: FxHashMap<FileId, Option<String>> = FxHashMap::default();
        for (file, number, names) in calls {
            let of_file = &facts[file];
            let call = &of_file.calls[*number];
            result.matched.extend(names);
            // What is awaited already is what the user wants.
            if matches!(call.usage, Usage::Awaited | Usage::Coroutine) {
                continue;
            }
            let text = texts.entry(*file).or_insert_with(|| {
                let is_outside = lookup.found[file.0 as usize].outside;
                let is_ours = !is_outside && lookup.is_ours(*file);
                is_ours.then(|| lookup.text(*file)).flatten()
            });
            let Some(text) = text else {
                continue;
            };
            let place = (lookup.place)(text, &lookup.project.file(*file).name, call.range);
            let function = match call.runner {
                Runner::Function(index) => of_file
                    .functions
                    .get(index as usize)
                    .map_or_else(String::new, |function| function.qualified_name.clone()),
                Runner::Module | Runner::Class => "<module>".to_string(),
            };
            match sites(call, lookup.allow_unsafe) {
                Ok(sites) => {
                    let holder = propagate::holder(*file, call.runner);
                    let unit = unit(*file, call.range, holder, sites);
                    result.units.push((unit, report(place, function)));
                }
                Err(reason) => result.left.push(Left {
                    codemod: super::NAME,
                    place,
                    function,
                    reason,
                    detail: None,
                }),
            }
        }
        result
    }
}

/// Whether a name means a callable. Special methods have to be named in full.
fn means(pattern: &str, path: &str) -> bool {
    let is_special = path.ends_with("__");
    matches_pattern(pattern, path) && (!is_special || !is_pattern(pattern))
}

/// Where `await` goes.
fn sites(call: &Call, allow_unsafe: bool) -> Result<Vec<ColourSite>, &'static Reason> {
    if matches!(call.usage, Usage::With(..)) {
        return Err(&ENTERED);
    }
    if call.is_race && !allow_unsafe {
        return Err(&RACE);
    }
    call.placement.clone()
}
