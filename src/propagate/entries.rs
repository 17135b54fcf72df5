//! Where a program begins: the calls at module level, which `asyncio.run` can stand round.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::CallIndex;
use super::programs::EntryPoints;
use super::reasons::SEVERAL_RUNS;
use super::rules::Rules;
use super::shape::Shape;
use crate::callgraph::resolve::Resolver;
use crate::callgraph::{Call, Guard};
use crate::semantic::NodeId;
use crate::solve::MODULE_LEVEL;
use crate::unit::{FileId, FunctionId, Reason};

/// The calls at module level, by file and guard.
pub(super) type Entries = FxHashMap<(FileId, Option<u32>), FxHashSet<usize>>;

/// The guards of files, and module levels, that call a function which runs an event loop.
pub(super) type Looping = FxHashMap<FileId, FxHashSet<Option<u32>>>;

impl Propagation {
    /// The calls at module level of these functions, by file and guard.
    pub(super) fn entries(
        &self,
        index: &CallIndex,
        functions: &[FunctionId],
        resolver: &Resolver<'_>,
        entry_points: &EntryPoints,
    ) -> Entries {
        let mut entries = Entries::default();
        for &id in functions {
            if resolver
                .function(id)
                .is_none_or(|function| function.is_async)
            {
                continue;
            }
            for &(file, number) in index.calls_of(id) {
                let call = &self.facts[&file].calls[number];
                // A function with which a program begins is called as ever.
                if let Some(entry) = call.entry
                    && !entry_points.contains(id)
                {
                    entries
                        .entry((file, entry.guard))
                        .or_default()
                        .insert(number);
                }
            }
        }
        entries
    }

    /// The first and last statement of a script that become one function, if they can: from the first call at module level to
    /// the last one, and what follows it.
    pub(super) fn script(&self, file: FileId, entries: &Entries) -> Option<(NodeId, NodeId)> {
        let facts = &self.facts[&file];
        let calls = entries.get(&(file, None))?;
        let mut numbers: Vec<usize> = calls
            .iter()
            .filter_map(|&call| Some(facts.calls[call].entry?.statement as usize))
            .collect();
        numbers.sort_unstable();
        let (&first, &last) = numbers.first().zip(numbers.last())?;
        let statements = facts.statements.get(first..)?;
        let movable = statements
            .iter()
            .take_while(|(_, can_move)| *can_move)
            .count();
        // A definition evaluates its defaults, and a loop may define something: those stay.
        (movable > last - first).then(|| (statements[0].0, statements[movable - 1].0))
    }

    /// The guards and module levels that call a function which runs an event loop: each such call is a run of its own.
    pub(super) fn looping_places(
        &self,
        index: &CallIndex,
        looping: impl Iterator<Item = FunctionId>,
    ) -> Looping {
        let mut places = Looping::default();
        for id in looping {
            for &(file, number) in index.calls_of(id) {
                if let Some(entry) = self.facts[&file].calls[number].entry {
                    places.entry(file).or_default().insert(entry.guard);
                }
            }
        }
        places
    }

    /// Why a call at module level cannot be run: a program has one event loop, where it begins.
    pub(super) fn entry_barrier(
        &self,
        file: FileId,
        call: &Call,
        entries: &Entries,
        rules: &Rules<'_>,
        shape: Shape,
        looping: &Looping,
    ) -> Option<&'static Reason> {
        let Some(entry) = call.entry else {
            return Some(&MODULE_LEVEL);
        };
        let facts = &self.facts[&file];
        let mut guards = looping.get(&file).into_iter().flatten();
        if guards.any(|guard| guard.is_none() || entry.guard.is_none() || *guard == entry.guard) {
            return Some(&SEVERAL_RUNS);
        }
        let count = entries.get(&(file, entry.guard)).map_or(0, FxHashSet::len);
        match entry.guard {
            Some(guard) => {
                let guard = &facts.guards[guard as usize];
                if guard.runs_loop || facts.runs_loop {
                    return Some(&SEVERAL_RUNS);
                }
                // `asyncio.run` takes neither an async generator nor a context manager.
                if shape != Shape::Plain && !guard.is_movable {
                    return Some(&MODULE_LEVEL);
                }
                (!guard.is_movable && (count > 1 || entry.repeated)).then_some(&SEVERAL_RUNS)
            }
            None if !(rules.is_script)(file) => Some(&MODULE_LEVEL),
            None => {
                let is_movable = self.script(file, entries).is_some();
                if shape != Shape::Plain && !is_movable {
                    return Some(&MODULE_LEVEL);
                }
                let runs = |guard: &Guard| guard.runs_loop || guard.joined.is_some();
                let others = facts.runs_loop || facts.guards.iter().any(runs);
                let mut guards = 0..facts.guards.len() as u32;
                let guarded = guards.any(|guard| entries.contains_key(&(file, Some(guard))));
                let several = (count > 1 || entry.repeated) && !is_movable;
                (several || others || guarded).then_some(&SEVERAL_RUNS)
            }
        }
    }
}
