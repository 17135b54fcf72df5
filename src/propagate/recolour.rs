//! The functions that become async, and the sites that this takes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::flow::Joined;
use super::index::CallIndex;
use super::protocol::is_plain_iter;
use super::rules::TestRunner;
use super::shape::Shape;
use super::threads::Bridge;
use super::{Propagation, Settled, functions_of};
use crate::callgraph::resolve::Resolver;
use crate::callgraph::{Call, Function, Moving};
use crate::marker::NewMarker;
use crate::plan::Problem;
use crate::semantic::Runner;
use crate::unit::{ColourSite, FileId, FunctionId, Holder};

/// What propagation adds to a plan.
#[derive(Debug, Default)]
pub struct Recolour {
    /// The functions whose bodies become async.
    pub functions: FxHashSet<FunctionId>,
    /// Those among them that stay sync at their outside, and run their bodies.
    pub split: FxHashSet<FunctionId>,
    /// The functions with which a program begins, and that run what is async in them: those that are split, and those
    /// that run one call.
    pub runners: FxHashSet<FunctionId>,
    /// The statements at module level that become part of a function with which the program begins.
    pub begins: FxHashSet<Holder>,
    /// Those that no seed needs: they follow those that one does.
    pub followers: FxHashSet<FunctionId>,
    /// The calls in async code of what blocks and stays sync.
    pub bridges: Vec<Bridge>,
    /// The sites to write, by file.
    pub sites: FxHashMap<FileId, Vec<ColourSite>>,
    /// The names that the sites replace, by file.
    pub releases: FxHashMap<FileId, Vec<String>>,
    /// The files whose replaced names others may take from them: their imports stay.
    pub keep_imports: FxHashSet<FileId>,
    /// What is not written and should be, by hand: annotations in stubs, examples in docstrings.
    pub notes: Vec<Problem>,
    /// The functions that would have to become async, and stay sync under a marker (see [`Halves`]).
    pub stays: FxHashSet<FunctionId>,
    /// The markers to write, by file.
    pub markers: FxHashMap<FileId, Vec<NewMarker>>,
}

/// What stays as it is though what it calls becomes async: the other halves of assisted units (see [`crate::assist`]).
#[derive(Debug, Default)]
pub struct Halves {
    /// The functions that stay sync.
    pub stays: FxHashSet<FunctionId>,
    /// The calls that cannot be awaited, each with its number in the facts of its file.
    pub unawaited: FxHashSet<(FileId, usize)>,
}

impl Halves {
    fn keeps(&self, file: FileId, number: usize, call: &Call) -> bool {
        self.unawaited.contains(&(file, number))
            || matches!(call.runner, Runner::Function(index) if self.stays.contains(&FunctionId { file, index }))
    }
}

impl Recolour {
    /// Whether a call at module level becomes part of a function with which the program begins.
    pub(super) fn begins_with(&self, file: FileId, call: &Call) -> bool {
        call.entry.is_some_and(|entry| {
            self.begins
                .contains(&Holder::Statement(file, entry.statement))
        })
    }

    /// Writes the definition of a function as an async one.
    fn define(&mut self, file: FileId, function: &Function) {
        if !function.releases.is_empty() {
            let names = self.releases.entry(file).or_default();
            names.extend(function.releases.iter().cloned());
        }
        let sites = self.sites.entry(file).or_default();
        // A signature has no `yield` that would tell an async generator from a coroutine function.
        let shape = Shape::of(function);
        let is_def = match shape {
            Shape::Plain | Shape::Manager | Shape::Property => true,
            Shape::Generator | Shape::ContextManager => !function.is_signature,
            Shape::Iterator => !is_plain_iter(function),
            Shape::Constructor => false,
        };
        let node = function.node;
        // A lambda that hands on what it is given stays one.
        if is_def && (!function.is_lambda || function.lifts) {
            sites.push(ColourSite::Def { node });
        }
        match shape {
            Shape::Property => sites.push(ColourSite::Property { node }),
            Shape::Constructor => sites.push(ColourSite::Create { node }),
            Shape::Manager | Shape::Iterator => sites.push(ColourSite::Special { node }),
            Shape::Plain | Shape::Generator | Shape::ContextManager => {}
        }
        let stops = function.stops.iter();
        sites.extend(stops.map(|&name| ColourSite::StopIteration { name }));
        sites.extend(
            function
                .delegations
                .iter()
                .map(|&statement| ColourSite::Delegate { statement }),
        );
        sites.extend(
            function
                .yields
                .map(|annotation| ColourSite::Yields { annotation }),
        );
        if let Some(Ok(decorator)) = function.context_manager {
            sites.push(ColourSite::ContextManager { decorator });
        }
    }
}

impl Propagation {
    /// The functions that become async for these holders, and the sites that this takes.
    pub fn recolour(
        &self,
        holders: &[Holder],
        settled: &Settled<'_>,
        tests: TestRunner,
        halves: &Halves,
    ) -> Recolour {
        let (resolver, index) = (settled.resolver(), settled.index());
        let project = settled.project;
        let mut recolour = Recolour::default();
        let entry_points = settled.entry_points();
        let closing = self.closing(index, resolver);
        let held = functions_of(holders);
        let reached: Vec<FunctionId> = index
            .reached_by(
                resolver,
                &held,
                &|id| halves.stays.contains(&id) || entry_points.contains(id),
                // A call that stays as it is asks nothing of its caller.
                &|file, call| !halves.unawaited.contains(&(file, call)),
            )
            .into_iter()
            .filter(|&id| {
                resolver
                    .function(id)
                    .is_some_and(|function| !function.is_async)
            })
            .collect();
        let (stays, reached): (Vec<FunctionId>, Vec<FunctionId>) = reached
            .into_iter()
            .partition(|id| halves.stays.contains(id));
        recolour.stays.extend(stays);
        let (begins, mut functions): (Vec<FunctionId>, Vec<FunctionId>) = reached
            .into_iter()
            .partition(|&id| entry_points.contains(id));
        functions.sort_unstable();
        let entries = self.entries(index, &functions, holders, resolver, entry_points);
        // The calls that functions with which a program begins run, where it is one.
        let mut run: FxHashSet<(FileId, usize)> = FxHashSet::default();
        let turned = self.turned(index, resolver, &functions);
        for id in begins {
            let is_held = held.contains(&id);
            recolour.runners.insert(id);
            match self.only_call(id, &turned, is_held) {
                Some(call) => {
                    run.insert((id.file, call));
                }
                None => {
                    let Some(function) = resolver.function(id) else {
                        continue;
                    };
                    recolour.functions.insert(id);
                    recolour.split.insert(id);
                    recolour
                        .sites
                        .entry(id.file)
                        .or_default()
                        .push(ColourSite::Split {
                            node: function.node,
                        });
                }
            }
        }
        // More than one call at the beginning of a program: its guard becomes a function.
        let mut moved: FxHashSet<(FileId, Option<u32>)> = FxHashSet::default();
        // What is iterated or entered there cannot be run.
        let mut entered: FxHashSet<(FileId, Option<u32>)> = FxHashSet::default();
        for &id in &functions {
            let shape = resolver.function(id).map(Shape::of);
            if shape.is_none_or(|shape| shape == Shape::Plain) {
                continue;
            }
            for &(file, call) in index.calls_of(id) {
                if let Some(entry) = self.facts[&file].calls[call].entry {
                    entered.insert((file, entry.guard));
                }
            }
        }
        for (&(file, guard), beginning) in &entries {
            let calls = &beginning.calls;
            let repeated = calls.iter().any(|&call| {
                self.facts[&file].calls[call]
                    .entry
                    .is_some_and(|entry| entry.repeated)
            });
            let joined = guard.and_then(|guard| self.facts[&file].guards[guard as usize].joined);
            let must_move = !beginning.statements.is_empty()
                || calls.len() > 1
                || repeated
                || entered.contains(&(file, guard))
                || joined.is_some();
            let Some(guard_number) = guard else {
                if let Some(script) = self.script(file, &entries).filter(|_| must_move) {
                    moved.insert((file, guard));
                    let statements = &self.facts[&file].statements;
                    let begins = script
                        .clone()
                        .filter(|&number| statements[number].1 == Moving::Moves)
                        .map(|number| Holder::Statement(file, number as u32));
                    recolour.begins.extend(begins);
                    let site = ColourSite::Script {
                        first: statements[script.start].0,
                        last: statements[script.end - 1].0,
                    };
                    recolour.sites.entry(file).or_default().push(site);
                }
                continue;
            };
            let guard_facts = &self.facts[&file].guards[guard_number as usize];
            if must_move && guard_facts.is_movable {
                moved.insert((file, guard));
                let statement = self.statement_of(file, guard_number);
                let begins = statement.map(|number| Holder::Statement(file, number));
                recolour.begins.extend(begins);
                recolour
                    .sites
                    .entry(file)
                    .or_default()
                    .push(ColourSite::Main {
                        node: guard_facts.node,
                    });
                let joined = joined.map(|call| ColourSite::Joined { call });
                recolour.sites.entry(file).or_default().extend(joined);
            }
        }
        let is_shared = Self::shares_loop(resolver, &functions);
        for id in functions {
            let Some(function) = resolver.function(id) else {
                continue;
            };
            recolour.functions.insert(id);
            for (file, site) in self.test_sites(resolver, project, tests, is_shared, id, function) {
                recolour.sites.entry(file).or_default().push(site);
            }
            recolour.define(id.file, function);
            for &(file, call) in index.doubles.assigned.get(&id).into_iter().flatten() {
                let sites = recolour.sites.entry(file).or_default();
                sites.push(ColourSite::AsyncMock { call });
            }
            for &index in &function.signatures {
                let signature = FunctionId {
                    file: id.file,
                    index,
                };
                if let Some(signature) = resolver.function(signature) {
                    recolour.define(id.file, signature);
                }
            }
            let shape = Shape::of(function);
            let closes = closing.contains(&id);
            for &(file, number) in index.calls_of(id) {
                let call = &self.facts[&file].calls[number];
                if halves.keeps(file, number, call) {
                    continue;
                }
                let sites = recolour.sites.entry(file).or_default();
                match () {
                    () if run.contains(&(file, number)) => {
                        sites.push(ColourSite::Run { node: call.node });
                    }
                    () if call
                        .entry
                        .is_some_and(|entry| !moved.contains(&(file, entry.guard))) =>
                    {
                        sites.push(ColourSite::Run { node: call.node });
                    }
                    () => {
                        if let Some(Ok(placed)) = shape.sites(function, call, closes) {
                            sites.extend(placed);
                        }
                    }
                }
            }
        }
        self.annotate(index, resolver, &mut recolour);
        for (&file, sites) in &recolour.sites {
            let has = |wanted: fn(&ColourSite) -> bool| sites.iter().any(wanted);
            let mut names: Vec<&str> = Vec::new();
            if has(|site| matches!(site, ColourSite::Stack { .. })) {
                names.push("ExitStack");
            }
            if has(|site| matches!(site, ColourSite::AsyncMock { .. })) {
                names.extend(["MagicMock", "Mock"]);
            }
            if !names.is_empty() {
                let releases = recolour.releases.entry(file).or_default();
                releases.extend(names.into_iter().map(str::to_string));
            }
        }
        recolour
    }

    /// What holds functions that become async says so.
    fn annotate(&self, index: &CallIndex, resolver: &Resolver<'_>, recolour: &mut Recolour) {
        for Joined { functions, places } in &index.shared.places {
            let turns = |id: &FunctionId| {
                recolour.functions.contains(id)
                    && !recolour.split.contains(id)
                    && resolver
                        .function(*id)
                        .is_some_and(|function| Shape::of(function) == Shape::Plain)
            };
            if !functions.iter().any(turns) {
                continue;
            }
            for (file, annotated) in places {
                let Some(facts) = self.facts.get(file).filter(|facts| !facts.is_fixed) else {
                    continue;
                };
                let said = facts.callables.iter().filter(|(at, _)| at == annotated);
                let sites = recolour.sites.entry(*file).or_default();
                sites.extend(said.map(|&(_, annotation)| ColourSite::Callable { annotation }));
            }
        }
    }
}
