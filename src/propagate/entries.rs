//! Where a program begins: the calls at module level, which `asyncio.run` can stand round.

use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::CallIndex;
use super::programs::EntryPoints;
use super::reasons::{FIXED_FILE, PROGRAM_BLOCKS, SEVERAL_RUNS};
use super::rules::Rules;
use super::shape::Shape;
use crate::callgraph::resolve::Resolver;
use crate::callgraph::{Call, Guard, Moving};
use crate::solve::MODULE_LEVEL;
use crate::unit::{FileId, FunctionId, Holder, Reason};

/// What is awaited at one beginning of a program: in a main guard, or by the statements of a script.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    /// The calls of functions that become async, by their numbers in the facts of the file.
    pub(super) calls: FxHashSet<usize>,
    /// The statements at module level that hold something else to await, by their numbers among those of the file.
    pub(super) statements: FxHashSet<u32>,
}

/// What is awaited at module level, by file and guard.
pub(super) type Entries = FxHashMap<(FileId, Option<u32>), Beginning>;

/// The guards of files, and module levels, that call a function which runs an event loop.
pub(super) type Looping = FxHashMap<FileId, FxHashSet<Option<u32>>>;

impl Propagation {
    /// The calls at module level of these functions, and the statements there among these holders, by file and guard.
    pub(super) fn entries(
        &self,
        index: &CallIndex,
        functions: &[FunctionId],
        holders: &[Holder],
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
                        .calls
                        .insert(number);
                }
            }
        }
        for holder in holders {
            if let Holder::Statement(file, statement) = *holder
                && let Some(guard) = self.guard_of(file, statement)
            {
                let beginning = entries.entry((file, guard)).or_default();
                beginning.statements.insert(statement);
            }
        }
        entries
    }

    /// The number of the guard that a statement at module level is, `Some(None)` if it is none; `None` for a file whose facts
    /// are not known.
    fn guard_of(&self, file: FileId, statement: u32) -> Option<Option<u32>> {
        let facts = self.facts.get(&file)?;
        let (node, _) = facts.statements.get(statement as usize)?;
        let guard = facts.guards.iter().position(|guard| guard.node == *node);
        Some(guard.map(|guard| guard as u32))
    }

    /// The number of the statement that a guard is.
    pub(super) fn statement_of(&self, file: FileId, guard: u32) -> Option<u32> {
        let facts = self.facts.get(&file)?;
        let node = facts.guards.get(guard as usize)?.node;
        let mut statements = facts.statements.iter();
        statements
            .position(|(at, _)| *at == node)
            .map(|at| at as u32)
    }

    /// The statements of a script that may become one function, by their numbers. The calls of functions that become async
    /// say where; without any, it is what the file ends with, because what defines something comes after other statements,
    /// which are not the program then. Definitions between statements that hold something to await are passed; behind the
    /// last of those, the first definition ends the function.
    fn movable(&self, file: FileId, entries: &Entries) -> Option<Range<usize>> {
        let facts = &self.facts[&file];
        let beginning = entries.get(&(file, None))?;
        let calls = beginning.calls.iter();
        let calls = calls.filter_map(|&call| Some(facts.calls[call].entry?.statement as usize));
        let calls: Vec<usize> = calls.collect();
        let (first, last) = match (calls.iter().min(), calls.iter().max()) {
            (Some(&first), Some(&last)) => (first, last),
            _ => {
                let end = facts.statements.len().checked_sub(1)?;
                (end, end)
            }
        };
        let held = beginning.statements.iter().map(|&number| number as usize);
        let awaited: BTreeSet<usize> = calls.into_iter().chain(held).collect();
        let moving = |number: usize| facts.statements.get(number).map(|(_, moving)| *moving);
        let stays = |number: usize| moving(number).is_none_or(|moving| moving == Moving::Stays);
        let moves = |number: usize| moving(number) == Some(Moving::Moves);
        // A definition evaluates its defaults, and a loop may define something: those stay.
        let wall = (first..facts.statements.len()).find(|&number| stays(number));
        let wall = wall.unwrap_or(facts.statements.len());
        if wall <= last || !moves(last) {
            return None;
        }
        let end = awaited.range(first..wall).next_back();
        let end = end.map_or(last, |&end| end.max(last));
        let end = (end..wall).take_while(|&number| moves(number)).last()? + 1;
        let mut start = first;
        while let Some(before) = start.checked_sub(1)
            && (moves(before) || !stays(before) && awaited.range(start..end).next().is_some())
        {
            start = before;
        }
        Some(start..end)
    }

    /// The statements of a script that become one function, if they can, by their numbers: from the first that holds something
    /// to await to the last, and what follows it.
    pub(super) fn script(&self, file: FileId, entries: &Entries) -> Option<Range<usize>> {
        let movable = self.movable(file, entries)?;
        let beginning = entries.get(&(file, None))?;
        let facts = &self.facts[&file];
        let calls = beginning.calls.iter();
        let calls = calls.filter_map(|&call| Some(facts.calls[call].entry?.statement as usize));
        let held = beginning.statements.iter().map(|&number| number as usize);
        let first = calls
            .chain(held)
            .filter(|number| movable.contains(number))
            .min()?;
        Some(first..movable.end)
    }

    /// Why a statement at module level that holds something to await cannot become part of the function with which the
    /// program begins.
    pub(super) fn statement_barrier(
        &self,
        file: FileId,
        statement: u32,
        entries: &Entries,
        rules: &Rules<'_>,
        looping: &Looping,
    ) -> Option<&'static Reason> {
        let Some(guard) = self.guard_of(file, statement) else {
            return Some(&MODULE_LEVEL);
        };
        let facts = &self.facts[&file];
        if facts.is_fixed {
            return Some(&FIXED_FILE);
        }
        let mut guards = looping.get(&file).into_iter().flatten();
        if guards.any(|other| other.is_none() || guard.is_none() || *other == guard) {
            return Some(&SEVERAL_RUNS);
        }
        // With a call of what becomes async, the program moves in any case.
        let moves = entries
            .get(&(file, guard))
            .is_some_and(|beginning| !beginning.calls.is_empty());
        if !moves && rules.blocking.contains(&file) {
            return Some(&PROGRAM_BLOCKS);
        }
        match guard {
            Some(guard) => {
                let runs_loop = facts.guards[guard as usize].runs_loop || facts.runs_loop;
                runs_loop.then_some(&SEVERAL_RUNS)
            }
            None => {
                let is_movable = self
                    .movable(file, entries)
                    .is_some_and(|movable| movable.contains(&(statement as usize)));
                if !is_movable || !(rules.is_script)(file) || (rules.is_loaded)(file) {
                    return Some(&MODULE_LEVEL);
                }
                self.begins_elsewhere(file, entries)
                    .then_some(&SEVERAL_RUNS)
            }
        }
    }

    /// Whether a script runs a loop otherwise than by its statements at module level.
    fn begins_elsewhere(&self, file: FileId, entries: &Entries) -> bool {
        let facts = &self.facts[&file];
        let runs = |guard: &Guard| guard.runs_loop || guard.joined.is_some();
        let mut guards = 0..facts.guards.len() as u32;
        facts.runs_loop
            || facts.guards.iter().any(runs)
            || guards.any(|guard| entries.contains_key(&(file, Some(guard))))
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
        let count = entries
            .get(&(file, entry.guard))
            .map_or(0, |beginning| beginning.calls.len());
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
                let several = (count > 1 || entry.repeated) && !is_movable;
                (several || self.begins_elsewhere(file, entries)).then_some(&SEVERAL_RUNS)
            }
        }
    }
}
