//! Phase two: which units are taken, and why the others are left.

use std::borrow::Borrow;
use std::cell::{OnceCell, RefCell};
use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use super::examine::FunctionFacts;
use super::examine::MODULE;
use super::lines::Lines;
use super::markers::{Present, is_marked};
use super::request::{Request, blocks, is_seed, test_runner};
use super::search::{held_names, is_loaded, is_script, quoted_names, runs_doctests};
use crate::assist::{self, Accepted};
use crate::callgraph::Function;
use crate::colour;
use crate::config::{self, Scope};
use crate::discovery;
use crate::index::Project;
use crate::marker::NewMarker;
use crate::pins;
use crate::plan::{Left, Outcome, UnitReport};
use crate::propagate::{
    Doubt, DoubtKind, Halves, Places, Propagation, RUNS_LOOP, Recolour, Rules, Settled, Texts,
};
use crate::references;
use crate::seeds;
use crate::solve::{self, At, Barrier, Graph, Node, Solution};
use crate::source;
use crate::unit::{FileId, FunctionId, Holder, Reason, Safety, Unit};

/// Which units are taken, and why the others are left for good.
#[derive(Default)]
pub(super) struct Choice {
    pub(super) taken: Vec<bool>,
    pub(super) left: Vec<(usize, &'static Reason, Option<String>)>,
    /// Units that wait for each other, each with one that migrates doubles.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Units that are taken together or left together.
    pub(super) groups: Vec<Group>,
    /// Where the project shows that its code runs on trio as well.
    pub(super) trio: Option<String>,
}

/// Test doubles, and the code that they are for.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The units that migrate doubles, with their files.
    pub(super) doubles: Vec<(usize, String)>,
    /// The units of the code.
    pub(super) code: Vec<usize>,
}

impl Group {
    /// Whether a unit belongs to it.
    pub(super) fn holds(&self, unit: usize) -> bool {
        self.code.contains(&unit) || self.doubles.iter().any(|(double, _)| *double == unit)
    }
}

impl Choice {
    pub(super) fn leave(&mut self, unit: usize, reason: &'static Reason, detail: Option<String>) {
        if self.taken[unit] {
            self.taken[unit] = false;
            self.left.push((unit, reason, detail));
            if self.groups.iter().any(|group| group.holds(unit)) {
                self.leave_broken_groups();
            }
        }
    }

    /// Leaves all of a group of which one is left.
    pub(super) fn leave_broken_groups(&mut self) {
        for group in &self.groups {
            let of_doubles = group.doubles.iter().map(|(double, _)| *double);
            let mut members = of_doubles.chain(group.code.iter().copied());
            if members.all(|unit| self.taken[unit]) {
                continue;
            }
            for (double, _) in &group.doubles {
                if std::mem::take(&mut self.taken[*double]) {
                    self.left.push((*double, &references::CODE_STAYS, None));
                }
            }
            let place = group.doubles.first().map(|(_, file)| file);
            for &unit in &group.code {
                if std::mem::take(&mut self.taken[unit]) {
                    let reason = &references::DOUBLED_ELSEWHERE;
                    self.left.push((unit, reason, place.cloned()));
                }
            }
        }
    }
}

pub(super) fn solve_units(
    request: &Request<'_>,
    units: &[Unit],
    left: &[Left],
    functions: &[Vec<FunctionFacts>],
    settled: &Settled<'_>,
    markers: FxHashMap<FileId, Vec<Present>>,
    state: &mut Choice,
) -> Solved {
    let (project, propagation) = (settled.project, settled.propagation);
    let most = request.config.assist.unwrap_or(0).max(MOST);
    let describe = |file: FileId, line: u32| format!("{}:{line}", project.file(file).name);
    // What is looked for in the texts of all files is the same whenever the graph is built.
    let (found_quoted, found_held) = (RefCell::default(), RefCell::default());
    let quoted = |names: &[String], known: &Texts| {
        once(&found_quoted, names, || quoted_names(project, names, known))
    };
    let held = |files: &[FileId], names: &[String]| {
        once(&found_held, &(files.to_vec(), names.to_vec()), || {
            held_names(project, files, names)
        })
    };
    let runner = OnceCell::new();
    let doctests = || {
        let find = || config::doctests(&request.config.root).or_else(|| runs_doctests(project));
        runner.get_or_init(find).clone()
    };
    let named = named(units);
    let mut begins: Vec<Holder> = units
        .iter()
        .filter(|unit| is_seed(request, unit))
        .flat_map(|unit| unit.needs_async.iter().copied())
        .filter(|holder| matches!(holder, Holder::Statement(..)))
        .collect();
    begins.sort_unstable();
    let blocking = blocking_at_module_level(request, project, left);
    begins.dedup();
    let build = |stays: &FxHashSet<FunctionId>| {
        let mut graph = Graph::of_units(units, most);
        let holders: Vec<Holder> = graph.holders().collect();
        for holder in holders {
            let barrier = match holder {
                Holder::Function(id) => {
                    let facts = functions[id.file.0 as usize].get(id.index as usize);
                    match (facts, request.config.scope) {
                        (Some(facts), _) if facts.is_async => None,
                        (Some(facts), _) if facts.keep_sync => Some(&pins::KEEP_SYNC),
                        (_, Scope::Project) => None,
                        // With `--scope function` no function changes colour.
                        (_, Scope::Function) => Some(&solve::SYNC_FUNCTION),
                    }
                }
                Holder::Module(_) => Some(&solve::MODULE_LEVEL),
                Holder::Statement(..) if request.config.scope == Scope::Function => {
                    Some(&solve::MODULE_LEVEL)
                }
                Holder::Statement(..) => None,
                Holder::Class(_) => Some(&colour::CLASS_BODY),
            };
            if let Some(reason) = barrier {
                graph.fixed_barrier(Node::Holder(holder), reason, None);
            }
        }
        if request.config.scope == Scope::Function {
            return (graph, FxHashSet::default());
        }
        let is_script = |file: FileId| is_script(project, file);
        let is_loaded = |file: FileId| is_loaded(project, file);
        let rules = Rules {
            is_script: &is_script,
            is_loaded: &is_loaded,
            begins: &begins,
            blocking: &blocking,
            allow_unsafe: request.config.allow_unsafe,
            halves: request.config.assist.is_some(),
            tests: test_runner(request),
            shared_loop: config::shared_test_loop(&request.config.root),
            has_loop_scope: !request.config.pinned_below("pytest-asyncio", 0, 24),
            quoted: &quoted,
            held: &held,
            doctests: &doctests,
            named: &named,
            stays,
        };
        let unawaited = propagation.requirements(settled, &mut graph, &rules, &describe);
        // Without the unit StopIteration would leave the coroutine.
        for (number, unit) in units.iter().enumerate() {
            for &(id, _) in &unit.nexts {
                graph.require(Node::Holder(Holder::Function(id)), Node::Unit(number));
            }
        }
        (graph, unawaited)
    };
    let (mut graph, mut unawaited) = build(&FxHashSet::default());
    let mut solution = graph.solve();
    // A program may begin to run a loop where something that it calls turns async, and forbids its callers to. What stays
    // sync for another reason turns nothing. That holds if it still stays when it no longer counts.
    let stays = graph.blocked_without(&RUNS_LOOP);
    let runs_loop = |barrier: &Barrier| barrier.reason == &RUNS_LOOP;
    if request.config.assist.is_none()
        && !stays.is_empty()
        && graph.barriers().iter().any(runs_loop)
    {
        let (again, others) = build(&stays);
        let solved = again.solve();
        let is_blocked = |&id: &FunctionId| {
            let node = Node::Holder(Holder::Function(id));
            solved.blocked(node).is_some()
        };
        if stays.iter().all(is_blocked) {
            (graph, unawaited, solution) = (again, others, solved);
        }
    }
    let mut solved = Solved {
        solution,
        graph,
        unawaited,
        accepted: Accepted::default(),
        present: markers,
    };
    let by_safety: Vec<bool> = units
        .iter()
        .map(|unit| outcome(request, unit) == Outcome::Taken)
        .collect();
    solved.accept(request, propagation, units, &by_safety);
    solved.leave_blocked(project, propagation, state);
    solved
}

/// The files whose code at module level holds a candidate that is left.
fn blocking_at_module_level(
    request: &Request<'_>,
    project: &Project,
    left: &[Left],
) -> FxHashSet<FileId> {
    let names: FxHashSet<&str> = left
        .iter()
        .filter(|left| left.function == MODULE && blocks(request, left.codemod))
        .map(|left| left.place.file.as_str())
        .collect();
    let files = project.files.iter().enumerate();
    files
        .filter(|(_, file)| names.contains(file.name.as_str()))
        .map(|(number, _)| FileId(number as u32))
        .collect()
}

/// The answer to a question that was asked before, or that of `find`.
fn once<K: Eq + Hash + ToOwned<Owned = O> + ?Sized, O: Borrow<K> + Eq + Hash>(
    known: &RefCell<FxHashMap<O, Places>>,
    question: &K,
    find: impl FnOnce() -> Places,
) -> Places {
    if let Some(places) = known.borrow().get(question) {
        return places.clone();
    }
    let places = find();
    known
        .borrow_mut()
        .insert(question.to_owned(), places.clone());
    places
}

/// How many barriers before a candidate are told one by one.
pub(super) const MOST: usize = 8;

/// The graph, what is false in it, and what is taken in spite of that.
pub(super) struct Solved {
    pub(super) solution: Solution,
    pub(super) graph: Graph,
    /// The calls that cannot be awaited.
    pub(super) unawaited: FxHashSet<(FileId, usize)>,
    /// With `--assist`: what is accepted.
    pub(super) accepted: Accepted,
    /// The markers in the files.
    pub(super) present: FxHashMap<FileId, Vec<Present>>,
}

impl Solved {
    /// With `--assist`: chooses the half units among those that are still to be had.
    pub(super) fn accept(
        &mut self,
        request: &Request<'_>,
        propagation: &Propagation,
        units: &[Unit],
        available: &[bool],
    ) {
        let Some(most) = request.config.assist else {
            return;
        };
        let is_marked = |barrier: &Barrier| {
            place_of(propagation, barrier).is_some_and(|(file, line)| {
                is_marked(&self.present, file, line, barrier.reason.code)
            })
        };
        let drives = |number: usize| available[number] && is_seed(request, &units[number]);
        self.accepted = assist::accept(&self.graph, units, most, &drives, &is_marked);
    }

    /// Leaves what is blocked and not accepted.
    pub(super) fn leave_blocked(
        &self,
        project: &Project,
        propagation: &Propagation,
        state: &mut Choice,
    ) {
        for number in 0..state.taken.len() {
            let is_half = self.accepted.units.get(number).is_some_and(|half| *half);
            if let Some(blocked) = self.solution.blocked(Node::Unit(number))
                && !is_half
            {
                let detail = explain(project, propagation, &self.solution, Node::Unit(number));
                state.leave(number, blocked.reason, detail);
            }
        }
    }

    /// What stays as it is under a marker.
    pub(super) fn halves(&self) -> Halves {
        let mut halves = Halves::default();
        for &number in &self.accepted.barriers {
            let barrier = &self.graph.barriers()[number as usize];
            if let (At::Definition, Node::Holder(Holder::Function(id))) = (barrier.at, barrier.node)
            {
                halves.stays.insert(id);
            }
        }
        if !self.accepted.barriers.is_empty() {
            halves.unawaited = self.unawaited.clone();
        }
        halves
    }

    /// The markers that these functions take, by file: those that are not there yet.
    pub(super) fn markers(
        &self,
        propagation: &Propagation,
        recolour: &Recolour,
    ) -> FxHashMap<FileId, Vec<NewMarker>> {
        let mut markers: FxHashMap<FileId, Vec<NewMarker>> = FxHashMap::default();
        let mut functions: Vec<FunctionId> = recolour
            .functions
            .iter()
            .chain(&recolour.stays)
            .copied()
            .collect();
        functions.sort_unstable();
        for id in functions {
            let Some(function) = function_of(propagation, id) else {
                continue;
            };
            let stays = recolour.stays.contains(&id);
            for barrier in assist::accepted_of(&self.graph, &self.accepted, Holder::Function(id)) {
                if (barrier.at == At::Definition) != stays {
                    continue;
                }
                let place = match barrier.at {
                    At::Use(file, line) => Some((file, line)),
                    At::Definition => Some((id.file, function.line)),
                    At::Elsewhere => None,
                };
                let text = assist::marker_text(barrier, &function.qualified_name);
                if let (Some((file, line)), Some(text)) = (place, text)
                    && !is_marked(&self.present, file, line, barrier.reason.code)
                {
                    markers.entry(file).or_default().push(NewMarker {
                        line,
                        code: barrier.reason.code,
                        text,
                    });
                }
            }
        }
        markers
    }
}

pub(super) fn function_of(propagation: &Propagation, id: FunctionId) -> Option<&Function> {
    propagation
        .facts
        .get(&id.file)?
        .functions
        .get(id.index as usize)
}

/// The file and line of a barrier.
pub(super) fn place_of(propagation: &Propagation, barrier: &Barrier) -> Option<(FileId, u32)> {
    match (barrier.at, barrier.node) {
        (At::Use(file, line), _) => Some((file, line)),
        (_, Node::Holder(Holder::Function(id))) => {
            Some((id.file, function_of(propagation, id)?.line))
        }
        _ => None,
    }
}

/// The way from a unit to the barrier that forbids it: `load <- Client.__len__ (client.py:50)`.
pub(super) fn explain(
    project: &Project,
    propagation: &Propagation,
    solution: &Solution,
    node: Node,
) -> Option<String> {
    let (chain, detail) = solution.chain(node);
    let names: Vec<String> = chain
        .iter()
        .filter_map(|node| match node {
            Node::Holder(Holder::Function(id)) => {
                let function = propagation
                    .facts
                    .get(&id.file)?
                    .functions
                    .get(id.index as usize)?;
                Some(format!(
                    "`{}` ({}:{})",
                    function.qualified_name,
                    project.file(id.file).name,
                    function.line
                ))
            }
            _ => None,
        })
        .collect();
    let way = (names.len() > 1).then(|| names.join(", which is needed by "));
    match (way, detail) {
        (Some(way), Some(detail)) => Some(format!("{way}: {detail}")),
        (Some(text), None) => Some(text),
        (None, Some(detail)) => Some(detail.to_string()),
        (None, None) => None,
    }
}

/// Units that rest on what is not certain may differ: they say so.
pub(super) fn note_doubts(
    request: &Request<'_>,
    settled: &Settled<'_>,
    units: &mut [Unit],
    reports: &mut [UnitReport],
    state: &Choice,
) {
    let (project, propagation) = (settled.project, settled.propagation);
    // Without `--unsafe`, nothing is taken that is not certain.
    if !request.config.allow_unsafe || request.config.scope == Scope::Function {
        return;
    }
    let numbers: Vec<usize> = (0..units.len())
        .filter(|&number| state.taken[number] && is_seed(request, &units[number]))
        .collect();
    let holders: Vec<Vec<Holder>> = numbers
        .iter()
        .map(|&number| units[number].needs_async.clone())
        .collect();
    let doubts = propagation.doubts(settled, &holders, &named(units));
    let mut lines: FxHashMap<FileId, Option<String>> = FxHashMap::default();
    for (number, doubts) in numbers.into_iter().zip(doubts) {
        for doubt in doubts {
            let file = project.file(doubt.file);
            let text = lines.entry(doubt.file).or_insert_with(|| {
                let bytes = discovery::read(&file.path).ok()?;
                Some(source::decode(&bytes).ok()?.text.clone())
            });
            let Some(text) = text else { continue };
            let place = Lines::new(text).place(&file.name, doubt.range);
            units[number].safety = Safety::Unsafe;
            reports[number].safety = Safety::Unsafe;
            reports[number].notes.push((place, describe_doubt(&doubt)));
        }
    }
}

fn describe_doubt(doubt: &Doubt) -> String {
    let names: Vec<String> = doubt
        .methods
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let names = names.join(" or ");
    let more = |what: &str| match doubt.more {
        0 => String::new(),
        1 => format!(", and one more {what} like it"),
        more => format!(", and {more} more {what}s like it"),
    };
    match doubt.kind {
        DoubtKind::Likely => format!(
            "the object is of unknown class: this is taken for a call of {names}{}",
            more("call")
        ),
        DoubtKind::Told => format!(
            "only the callers in sight tell the class of the object: this is taken for a call of {names}{}",
            more("call")
        ),
        DoubtKind::PassedOver => format!(
            "the object comes from a library: this is taken for no call of {names}{}",
            more("call")
        ),
        DoubtKind::Unseen => format!(
            "no call of {names} is in sight{}: code that is handed the object may call it without `await`",
            more("method")
        ),
    }
}

/// The functions that the user wants async, by name.
fn named(units: &[Unit]) -> FxHashSet<FunctionId> {
    units
        .iter()
        .filter(|unit| unit.codemod == seeds::NAME && unit.colour.is_empty())
        .flat_map(|unit| &unit.needs_async)
        .filter_map(|holder| match holder {
            Holder::Function(id) => Some(*id),
            Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
        })
        .collect()
}

pub(super) fn choose_by_safety(
    request: &Request<'_>,
    units: &[Unit],
    reports: &mut [UnitReport],
    state: &mut Choice,
) {
    for (number, unit) in units.iter().enumerate() {
        let outcome = outcome(request, unit);
        reports[number].outcome = outcome;
        if outcome != Outcome::Taken {
            state.taken[number] = false;
        }
    }
}

/// What becomes of a unit that nothing else forbids.
pub(super) fn outcome(request: &Request<'_>, unit: &Unit) -> Outcome {
    match unit.safety {
        Safety::Safe => Outcome::Taken,
        Safety::Declared
            if request.config.allow_unsafe || request.named.contains(&unit.codemod) =>
        {
            Outcome::Taken
        }
        Safety::Declared => Outcome::NeedsSelect,
        Safety::Unsafe if request.config.allow_unsafe => Outcome::Taken,
        Safety::Unsafe => Outcome::NeedsUnsafe,
    }
}
