//! Functions with which a program begins: scripts, commands, tasks. They stay sync at their outside and run what is async
//! inside of them with `asyncio.run`.
//!
//! Two things must not be: such a function inside of a running event loop, and more than one loop where one will do. So
//! nothing that calls one of them may be async or become so, and at module level it counts as a run of its own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::CallIndex;
use super::reasons::{
    CONSOLE_SCRIPT, ENTRY_POINT, FORKS, GREENLETS, MADE_NAME, RUNS_LOOP, STOP_ITERATION,
};
use super::rules::Describe;
use super::shape::Shape;
use super::{Propagation, barriers::Surroundings};
use crate::callgraph::facts::program::{GROUP_METHODS, ProgramKind, TYPER, kind};
use crate::callgraph::resolve::{Called, Resolved, Resolver};
use crate::callgraph::{Callee, Decorator, Function, Target, Type, Usage};
use crate::codemod::USED_AS_VALUE;
use crate::semantic::Runner;
use crate::unit::{ColourSite, FileId, FunctionId, Reason};

/// What the metadata and the settings say about where programs begin.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// The dotted paths of the functions that scripts name, each as it is written there.
    pub begins: Vec<(String, String)>,
    /// The same for the settings.
    pub configured: Vec<(String, String)>,
    /// Those of the functions that the metadata names as something else.
    pub named: Vec<(String, String)>,
    /// Whether Celery tasks are taken: right only where neither a pool of green threads nor an eager call runs them.
    pub with_tasks: bool,
}

/// The functions with which a program begins, and those that the metadata names otherwise.
#[derive(Debug, Default)]
pub(crate) struct EntryPoints {
    /// What runs each of them. Each can be split.
    kinds: FxHashMap<FunctionId, ProgramKind>,
    /// The click groups among all functions.
    groups: FxHashSet<FunctionId>,
    /// What the metadata or the settings name and cannot be one of them, and why.
    others: FxHashMap<FunctionId, (&'static Reason, String)>,
}

impl EntryPoints {
    /// Whether a program begins with this function.
    pub(crate) fn contains(&self, id: FunctionId) -> bool {
        self.kinds.contains_key(&id)
    }

    /// All of them, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = FunctionId> {
        let mut all: Vec<FunctionId> = self.kinds.keys().copied().collect();
        all.sort_unstable();
        all.into_iter()
    }

    pub(super) fn kind(&self, id: FunctionId) -> Option<ProgramKind> {
        self.kinds.get(&id).copied()
    }

    /// Why a function that the metadata or the settings name cannot be one, and the name.
    pub(super) fn refused(&self, id: FunctionId) -> Option<(&'static Reason, Option<String>)> {
        let (reason, name) = self.others.get(&id)?;
        Some((reason, Some(format!("`{name}`"))))
    }
}

/// Who may run a function of a program where a loop runs.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// The functions through which it is run, each with the place where it is.
    pub(super) callers: Vec<FunctionId>,
    /// Where async code runs it, or code that may become async does in a way that cannot be told.
    pub(super) in_loop: Option<(FileId, u32)>,
    /// Whether it runs one call, round which `asyncio.run` stands: nothing else in it becomes async.
    pub(super) one_call: bool,
}

/// A place where a function names a command or an application without calling it.
type Mention = (FileId, u32, FunctionId);

/// Who names commands and applications other than by a call.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    of: FxHashMap<FunctionId, Vec<Mention>>,
    /// Of a click group, which runs any command.
    groups: Vec<Mention>,
    /// Of a typer application.
    apps: Vec<Mention>,
}

/// What joins because it runs functions of a program by the name of another thing.
#[derive(Debug, Default)]
pub(super) struct NamedWith {
    /// The functions that do.
    pub(super) functions: Vec<FunctionId>,
    /// The names.
    pub(super) words: Vec<String>,
}

impl Propagation {
    /// Who runs the functions of a program that are in `reached` by the name of a group or an application.
    pub(super) fn named_with(
        &self,
        resolver: &Resolver<'_>,
        entries: &EntryPoints,
        reached: &FxHashSet<FunctionId>,
    ) -> NamedWith {
        let mut found = NamedWith::default();
        let is_reached = |kind: ProgramKind| {
            entries
                .kinds
                .iter()
                .any(|(id, of)| *of == kind && reached.contains(id))
        };
        let (click, typer) = (
            is_reached(ProgramKind::Click),
            is_reached(ProgramKind::Typer),
        );
        let mentions = if click
            || typer
            || is_reached(ProgramKind::Celery)
            || is_reached(ProgramKind::Configured)
        {
            self.mentions(resolver, entries)
        } else {
            return found;
        };
        if click {
            let names = entries
                .groups
                .iter()
                .filter_map(|&id| resolver.function(id));
            found.words.extend(names.map(|group| group.name.clone()));
            found
                .functions
                .extend(mentions.groups.iter().map(|(.., by)| *by));
        }
        if typer {
            for facts in self.facts.values() {
                for (name, type_) in &facts.variables {
                    if matches!(type_, Type::Path(path) if TYPER.contains(&path.as_str())) {
                        found.words.push(name.clone());
                    }
                }
            }
            found
                .functions
                .extend(mentions.apps.iter().map(|(.., by)| *by));
        }
        for (id, of) in &mentions.of {
            if reached.contains(id) && entries.contains(*id) {
                found.functions.extend(of.iter().map(|(.., by)| *by));
            }
        }
        found.functions.sort_unstable();
        found.functions.dedup();
        found.words.sort_unstable();
        found.words.dedup();
        found
    }

    /// The functions with which a program begins.
    pub(crate) fn entry_points(&self, resolver: &Resolver<'_>) -> EntryPoints {
        let mut found = EntryPoints::default();
        let begins = self.programs.begins.iter();
        let begins = begins.map(|named| (named, ProgramKind::Function));
        let configured = self.programs.configured.iter();
        let configured = configured.map(|named| (named, ProgramKind::Configured));
        for ((path, name), kind) in begins.chain(configured) {
            if let Resolved::Function(id) = resolver.path(path) {
                if is_possible(resolver, id) {
                    found.kinds.insert(id, kind);
                } else {
                    found.others.insert(id, (&ENTRY_POINT, name.clone()));
                }
            }
        }
        for (path, name) in &self.programs.named {
            if let Resolved::Function(id) = resolver.path(path) {
                found.others.insert(id, (&CONSOLE_SCRIPT, name.clone()));
            }
        }
        let tables = self.facts.tables();
        let mut decorated_functions = tables.with_decorators.clone();
        decorated_functions.sort_unstable();
        let mut members: Vec<(FunctionId, FunctionId)> = Vec::new();
        for id in decorated_functions {
            let Some(function) = resolver.function(id) else {
                continue;
            };
            for decorator in &function.decorators {
                match decorated(resolver, id.file, decorator) {
                    Some(Decorated::By(kind, is_group)) => {
                        found.add(resolver, id, kind, self.programs.with_tasks);
                        if is_group {
                            found.groups.insert(id);
                        }
                    }
                    Some(Decorated::Member(group, is_group)) => {
                        members.push((id, group));
                        if is_group {
                            // Whether it is one depends on what it is a member of.
                            members.push((id, id));
                        }
                    }
                    None => {}
                }
            }
        }
        let mut programs = tables.programs.clone();
        programs.sort_unstable();
        for (file, number) in programs {
            let value = &self.facts[&file].values[number as usize];
            if let Called::Functions(functions) = resolver.called(file, &value.callee) {
                for id in functions {
                    if !found.contains(id) {
                        found.add(resolver, id, ProgramKind::Function, false);
                    }
                }
            }
        }
        // Groups of groups.
        loop {
            let before = (found.kinds.len(), found.groups.len());
            for &(id, group) in &members {
                if id == group {
                    let in_group = members
                        .iter()
                        .any(|(other, of)| *other == id && *of != id && found.groups.contains(of));
                    if in_group {
                        found.groups.insert(id);
                    }
                } else if found.groups.contains(&group) {
                    found.add(resolver, id, ProgramKind::Click, false);
                }
            }
            if before == (found.kinds.len(), found.groups.len()) {
                break;
            }
        }
        found
    }

    /// Who names a command or an application.
    pub(super) fn mentions(&self, resolver: &Resolver<'_>, entries: &EntryPoints) -> Mentions {
        let mut mentions = Mentions::default();
        if entries
            .kinds
            .values()
            .all(|kind| *kind == ProgramKind::Function)
        {
            return mentions;
        }
        let mut files: Vec<FileId> = self.facts.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            let facts = &self.facts[&file];
            let calls = facts
                .calls
                .iter()
                .map(|call| (&call.callee, call.runner, call.line));
            let values = facts
                .values
                .iter()
                .map(|value| (&value.callee, value.runner, value.line));
            for (callee, runner, line) in calls.chain(values) {
                let Runner::Function(index) = runner else {
                    continue;
                };
                let mention = (file, line, FunctionId { file, index });
                if let Callee::Target(Target::Path(path)) = callee
                    && let Some((class, _)) = resolver.foreign_variable(file, path)
                    && TYPER.contains(&class)
                {
                    mentions.apps.push(mention);
                    continue;
                }
                let named = match resolver.called(file, callee) {
                    Called::Functions(functions) => functions,
                    Called::AttributeOf(function, _) => vec![function],
                    _ => continue,
                };
                for id in named {
                    if entries.groups.contains(&id) {
                        mentions.groups.push(mention);
                    }
                    mentions.of.entry(id).or_default().push(mention);
                }
            }
            for app_use in &facts.app_uses {
                if let Runner::Function(index) = app_use.runner {
                    let mention = (file, app_use.line, FunctionId { file, index });
                    mentions.apps.push(mention);
                }
            }
        }
        mentions
    }

    /// Who runs a function of a program, up to the first async code. `may_turn` says which functions may become async.
    pub(super) fn runs_of(
        &self,
        index: &CallIndex,
        resolver: &Resolver<'_>,
        mentions: &Mentions,
        entries: &EntryPoints,
        id: FunctionId,
        may_turn: &FxHashSet<FunctionId>,
    ) -> Runs {
        let mut runs = Runs::default();
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let is_async = |id: FunctionId| {
            resolver
                .function(id)
                .is_some_and(|function| function.is_async)
        };
        let mut pending: Vec<FunctionId> = Vec::new();
        let empty: &[Mention] = &[];
        let shared = match entries.kind(id) {
            Some(ProgramKind::Click) => mentions.groups.as_slice(),
            Some(ProgramKind::Typer) => mentions.apps.as_slice(),
            _ => empty,
        };
        let own = match entries.kind(id) {
            Some(ProgramKind::Click | ProgramKind::Celery | ProgramKind::Configured) => {
                mentions.of.get(&id).map_or(empty, Vec::as_slice)
            }
            _ => empty,
        };
        for &(file, line, by) in shared.iter().chain(own) {
            if is_async(by) || may_turn.contains(&by) {
                runs.in_loop.get_or_insert((file, line));
            } else {
                pending.push(by);
            }
        }
        let mut at = Some(id);
        while let Some(called) = at.take().or_else(|| pending.pop()) {
            if !seen.insert(called) {
                continue;
            }
            if called != id {
                runs.callers.push(called);
            }
            for &(file, call) in index.calls_of(called) {
                let call = &self.facts[&file].calls[call];
                let Runner::Function(caller) = call.runner else {
                    continue;
                };
                let caller = FunctionId {
                    file,
                    index: caller,
                };
                if is_async(caller) {
                    runs.in_loop.get_or_insert((file, call.line));
                } else if caller == id {
                    runs.callers.push(id);
                } else {
                    pending.push(caller);
                }
            }
        }
        runs
    }

    /// Why a function of a program cannot be split, or must not run a loop.
    pub(super) fn entry_point_barrier(
        &self,
        around: &Surroundings<'_, '_>,
        index: &CallIndex,
        id: FunctionId,
        function: &Function,
        runs: &Runs,
        describe: &Describe<'_>,
    ) -> Option<(&'static Reason, Option<String>)> {
        if let Some(pin) = &function.pin
            && pin.keeps_inside()
        {
            return Some(pin.barrier());
        }
        if let Some(through) = around.forks.get(&id) {
            return Some((&FORKS, through.clone()));
        }
        if let Some(through) = around.greenlets.get(&id) {
            return Some((&GREENLETS, through.clone()));
        }
        if let Some(through) = around.loops.get(&id) {
            return Some((&RUNS_LOOP, through.clone()));
        }
        if let Some((file, line)) = runs.in_loop {
            return Some((&RUNS_LOOP, Some(describe(file, line))));
        }
        if let Some(refused) = around.entry_points.refused(id) {
            return Some(refused);
        }
        if function.may_stop(id.file, &self.nexts) {
            return Some((&STOP_ITERATION, None));
        }
        // A handler round `asyncio.run` runs as ever.
        if !runs.one_call
            && let Some(refused) = self.interrupt_barrier(around, id, function)
        {
            return Some(refused);
        }
        // The name of a command or a task is that of an object, whatever takes it; any other function may be called by
        // what takes it, in a loop as well, unless the user says that it is not.
        let is_open = matches!(
            around.entry_points.kind(id),
            Some(ProgramKind::Function | ProgramKind::Typer)
        );
        if is_open {
            if let Some((file, line)) =
                self.looked_up(around.with_lookups, around.resolver, id, function)
            {
                return Some((&MADE_NAME, Some(describe(file, line))));
            }
            if let Some(&(file, line)) = index.values_of(id).first() {
                return Some((&USED_AS_VALUE, Some(describe(file, line))));
            }
        }
        None
    }

    /// How a function of a program runs what is async in it: the number of the one call that `asyncio.run` stands round,
    /// or `None` where its body becomes an async function. `turned` are the calls of what becomes async, `is_held` says
    /// whether the function itself holds something awaited.
    pub(super) fn only_call(
        &self,
        id: FunctionId,
        turned: &Turned,
        is_held: bool,
    ) -> Option<usize> {
        if is_held {
            return None;
        }
        let mut calls = turned.get(&id).cloned().unwrap_or_default();
        calls.sort_unstable();
        calls.dedup();
        let [(number, true)] = calls[..] else {
            return None;
        };
        let call = &self.facts[&id.file].calls[number];
        let is_one = matches!(call.placement.as_deref(), Ok([ColourSite::Await { .. }]));
        let is_value = matches!(
            call.usage,
            Usage::Value | Usage::Collected | Usage::Iterated(_) | Usage::Advanced
        );
        (is_one && is_value && !call.in_loop).then_some(number)
    }
}

/// The calls of functions that become async, by who runs them: their numbers, and whether each is of a plain function.
pub(super) type Turned = FxHashMap<FunctionId, Vec<(usize, bool)>>;

impl Propagation {
    /// The calls of these functions, by who runs them.
    pub(super) fn turned(
        &self,
        index: &CallIndex,
        resolver: &Resolver<'_>,
        functions: &[FunctionId],
    ) -> Turned {
        let mut turned = Turned::default();
        for &callee in functions {
            let callee_facts = resolver.function(callee);
            let is_plain = callee_facts.is_some_and(|function| Shape::of(function) == Shape::Plain);
            for &(file, call) in index.calls_of(callee) {
                if let Runner::Function(index) = self.facts[&file].calls[call].runner {
                    let runner = FunctionId { file, index };
                    turned.entry(runner).or_default().push((call, is_plain));
                }
            }
        }
        turned
    }
}

impl EntryPoints {
    fn add(&mut self, resolver: &Resolver<'_>, id: FunctionId, kind: ProgramKind, tasks: bool) {
        if is_possible(resolver, id) && (kind != ProgramKind::Celery || tasks) {
            self.kinds.insert(id, kind);
        }
    }
}

/// Whether a function can have two halves.
fn is_possible(resolver: &Resolver<'_>, id: FunctionId) -> bool {
    resolver
        .function(id)
        .is_some_and(|function| function.can_split && !function.is_async)
}

/// What a decorator says about where a program begins.
enum Decorated {
    /// It makes a function of this kind; whether that is a click group.
    By(ProgramKind, bool),
    /// A method of a function, which may be a click group; whether it makes a group.
    Member(FunctionId, bool),
}

fn decorated(resolver: &Resolver<'_>, file: FileId, decorator: &Decorator) -> Option<Decorated> {
    let Target::Path(path) = &decorator.target else {
        return None;
    };
    let method = path.rsplit('.').next().unwrap_or(path);
    let is_group = method == "group";
    if let Some(kind) = kind(path) {
        return Some(Decorated::By(kind, is_group));
    }
    match resolver.target(file, &decorator.target) {
        Resolved::AttributeOf(group, _) => GROUP_METHODS
            .contains(&method)
            .then_some(Decorated::Member(group, is_group)),
        Resolved::Function(_) | Resolved::Class(_) | Resolved::Foreign(_) => None,
        Resolved::Alias(..) | Resolved::Unknown => {
            let (class, tail) = resolver.foreign_variable(file, path)?;
            kind(&format!("{class}.{tail}")).map(|kind| Decorated::By(kind, is_group))
        }
    }
}
