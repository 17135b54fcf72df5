//! Where a program begins: the calls at module level, which `asyncio.run` can stand round.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::CallIndex;
use super::programs::EntryPoints;
use super::reasons::SEVERAL_RUNS;
use super::rules::Rules;
use super::shape::Shape;
use crate::callgraph::resolve::Resolver;
use crate::callgraph::{Call, Guard, Moving};
use crate::semantic::NodeId;
use crate::solve::MODULE_LEVEL;
use crate::unit::{FileId, FunctionId, Holder, Reason};

/// A file and a main guard of it, or its module level.
type Place = (FileId, Option<u32>);

/// What is awaited at module level, by file and guard.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// The calls of functions that become async.
    calls: FxHashMap<Place, FxHashSet<usize>>,
    /// The statements that hold code of units.
    statements: FxHashMap<Place, FxHashSet<u32>>,
}

impl Entries {
    /// The places, in order.
    pub(super) fn places(&self) -> BTreeSet<Place> {
        let places = self.calls.keys().chain(self.statements.keys());
        places.copied().collect()
    }

    /// The calls of functions at a place.
    pub(super) fn calls_at(&self, place: Place) -> impl Iterator<Item = usize> + '_ {
        self.calls.get(&place).into_iter().flatten().copied()
    }

    /// How many runs of their own there would be. Code of a unit cannot have one: it counts as two.
    pub(super) fn count(&self, place: Place) -> usize {
        let calls = self.calls.get(&place).map_or(0, FxHashSet::len);
        let statements = self.statements.get(&place).map_or(0, FxHashSet::len);
        calls + 2 * statements
    }

    fn is_at(&self, place: Place) -> bool {
        self.count(place) > 0
    }
}

/// The guards of files, and module levels, that call a function which runs an event loop.
pub(super) type Looping = FxHashMap<FileId, FxHashSet<Option<u32>>>;

impl Propagation {
    /// The calls at module level of these functions, and the statements there among the holders.
    pub(super) fn entries(
        &self,
        index: &CallIndex,
        functions: &[FunctionId],
        resolver: &Resolver<'_>,
        entry_points: &EntryPoints,
        holders: &[Holder],
    ) -> Entries {
        let mut entries = Entries::default();
        for holder in holders {
            if let Holder::Start(file, number) = *holder {
                let place = (file, self.guard_of(file, number));
                entries.statements.entry(place).or_default().insert(number);
            }
        }
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
                        .calls
                        .entry((file, entry.guard))
                        .or_default()
                        .insert(number);
                }
            }
        }
        entries
    }

    /// The main guard that a statement at module level is.
    fn guard_of(&self, file: FileId, number: u32) -> Option<u32> {
        let facts = self.facts.get(&file)?;
        let (node, _) = facts.statements.get(number as usize)?;
        let at = facts.guards.iter().position(|guard| guard.node == *node)?;
        Some(at as u32)
    }

    /// The first and last statement of a script that become one function, if they can: from the first call at module level to
    /// the last one, and what follows it.
    pub(super) fn script(&self, file: FileId, entries: &Entries) -> Option<(NodeId, NodeId)> {
        let facts = &self.facts[&file];
        let calls = entries.calls_at((file, None));
        let mut numbers: Vec<usize> = calls
            .filter_map(|call| Some(facts.calls[call].entry?.statement as usize))
            .collect();
        let held = entries.statements.get(&(file, None)).into_iter().flatten();
        numbers.extend(held.map(|&number| number as usize));
        numbers.sort_unstable();
        let (&first, &last) = numbers.first().zip(numbers.last())?;
        let statements = facts.statements.get(first..)?;
        // Definitions before the last call are passed; behind it, the first one ends the function.
        let movable = statements
            .iter()
            .enumerate()
            .take_while(|(number, (_, moving))| match moving {
                Moving::Moves => true,
                Moving::Passed => *number < last - first,
                Moving::Stays => false,
            })
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

    /// Why a statement at module level cannot move into a function with which the program begins.
    pub(super) fn start_barrier(
        &self,
        file: FileId,
        number: u32,
        entries: &Entries,
        rules: &Rules<'_>,
        looping: &Looping,
    ) -> Option<&'static Reason> {
        let Some(facts) = self.facts.get(&file) else {
            return Some(&MODULE_LEVEL);
        };
        let guard = self.guard_of(file, number);
        let mut guards = looping.get(&file).into_iter().flatten();
        if guards.any(|other| other.is_none() || guard.is_none() || *other == guard) {
            return Some(&SEVERAL_RUNS);
        }
        match guard.and_then(|guard| facts.guards.get(guard as usize)) {
            Some(guard) if guard.runs_loop || facts.runs_loop => Some(&SEVERAL_RUNS),
            Some(guard) => (!guard.is_movable).then_some(&MODULE_LEVEL),
            None if !(rules.is_script)(file) || self.script(file, entries).is_none() => {
                Some(&MODULE_LEVEL)
            }
            None => {
                let runs = |guard: &Guard| guard.runs_loop || guard.joined.is_some();
                let mut guards = 0..facts.guards.len() as u32;
                let guarded = guards.any(|guard| entries.is_at((file, Some(guard))));
                let others = facts.runs_loop || facts.guards.iter().any(runs);
                (others || guarded).then_some(&SEVERAL_RUNS)
            }
        }
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
        let count = entries.count((file, entry.guard));
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
                let guarded = guards.any(|guard| entries.is_at((file, Some(guard))));
                let several = (count > 1 || entry.repeated) && !is_movable;
                (several || others || guarded).then_some(&SEVERAL_RUNS)
            }
        }
    }
}
