//! Bridges from async code to blocking functions that stay sync: `await asyncio.to_thread(load, key)`.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::{CallIndex, Follow};
use super::protocol::is_special;
use super::reasons::{NO_THREAD, RACE, THREAD_STATE};
use super::shape::Shape;
use super::{Propagation, Recolour, Settled};
use crate::callgraph::facts::thread::is_plain_type;
use crate::callgraph::resolve::{Called, Resolver};
use crate::callgraph::{Call, Callee, FileFacts, Function, Target, Type, Usage, ValueKind};
use crate::codemod::SUPPRESSED;
use crate::python::PythonVersion;
use crate::semantic::Runner;
use crate::semantic::common::is_common_method;
use crate::unit::{ColourSite, FileId, FunctionId, Reason};

/// The name under which these bridges are reported, beside the codemods.
pub const TO_THREAD: &str = "to_thread";

/// The sites that hand a call to a thread, and what may go wrong then; or why it is left.
pub type Outcome = Result<(Vec<ColourSite>, Option<String>), (&'static Reason, Option<String>)>;

/// A call in async code of a function that blocks and stays sync.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// The file of the call.
    pub file: FileId,
    /// The call: a number in [`crate::callgraph::FileFacts::calls`].
    pub call: usize,
    /// The async function that calls; `None` for the code with which a program begins.
    pub caller: Option<FunctionId>,
    /// The function that is called.
    pub callee: FunctionId,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// Who calls, and what is called.
type Ends = (Option<FunctionId>, FunctionId);

/// Calls in async code, with their ends.
type AsyncCalls = FxHashMap<(FileId, usize), Ends>;

/// Decorators that leave a function what it is.
const TRANSPARENT: &[&str] = &[
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.staticmethod",
    "functools.cache",
    "functools.lru_cache",
    "typing.final",
    "typing.override",
    "typing_extensions.override",
];

/// Why a function is not run by a thread.
#[derive(Clone)]
enum Obstacle {
    /// It cannot be.
    Never(String),
    /// It cannot be seen to be safe.
    Unseen(String),
}

impl Propagation {
    /// The calls in async code of functions that stay sync and block: `blocking` are those that hold a blocking call
    /// themselves. `target` is the lowest Python that runs the result, `allow_unsafe` takes what cannot be seen to be safe.
    pub fn bridges(
        &self,
        settled: &Settled<'_>,
        blocking: &[FunctionId],
        recolour: &Recolour,
        target: PythonVersion,
        allow_unsafe: bool,
    ) -> Vec<Bridge> {
        if blocking.is_empty() {
            return Vec::new();
        }
        let (resolver, entries) = (settled.resolver(), settled.entry_points());
        let is_async = |id: FunctionId| {
            recolour.functions.contains(&id)
                || resolver
                    .function(id)
                    .is_none_or(|function| function.is_async)
        };
        let stays = |id: FunctionId| {
            !is_async(id) && !recolour.runners.contains(&id) && !entries.contains(id)
        };
        // What a barrier keeps sync is of no interest elsewhere, and so not found by its name.
        let mut names = self.names.clone();
        let mut own: Option<CallIndex> = None;
        let found = loop {
            let index = own.as_ref().unwrap_or_else(|| settled.index());
            let (found, blocked) =
                self.calls_of_blocking(resolver, index, blocking, recolour, &is_async, &stays);
            let known = names.len();
            names.extend(blocked.iter().flat_map(|&id| resolver.called_as(id)));
            if names.len() == known {
                break found;
            }
            // Each of them may bring more: they are followed at once, and the index is made anew for all.
            let mut grown = CallIndex::with_names(resolver, self, &names);
            let ends = |_: &CallIndex, id: FunctionId| !stays(id);
            grown.spread(
                resolver,
                &self.facts,
                &mut names,
                blocking,
                &ends,
                Follow::Calls,
            );
            own = Some(CallIndex::with_names(resolver, self, &names));
        };
        let threads = Threads {
            propagation: self,
            resolver,
            calls: self.by_runner(|facts| facts.calls.iter().map(|call| call.runner).collect()),
            values: self.by_runner(|facts| facts.values.iter().map(|value| value.runner).collect()),
            bound: self.bound_methods(),
            known: RefCell::default(),
        };
        let mut found: Vec<((FileId, usize), Ends)> = found.into_iter().collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|((file, number), (caller, callee))| {
                let call = &self.facts[&file].calls[number];
                let outcome = threads.bridge(file, call, callee, target, allow_unsafe);
                Bridge {
                    file,
                    call: number,
                    caller,
                    callee,
                    outcome,
                }
            })
            .collect()
    }

    /// The calls in async code of these functions that block, and of what calls them: by the file and the number in its
    /// facts, with who calls and what. And all the functions that block.
    fn calls_of_blocking(
        &self,
        resolver: &Resolver<'_>,
        index: &CallIndex,
        blocking: &[FunctionId],
        recolour: &Recolour,
        is_async: &dyn Fn(FunctionId) -> bool,
        stays: &dyn Fn(FunctionId) -> bool,
    ) -> (AsyncCalls, FxHashSet<FunctionId>) {
        let mut found = AsyncCalls::default();
        // Those that block themselves, and those of which only an override does.
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let mut overridden: FxHashSet<FunctionId> = FxHashSet::default();
        let mut pending: Vec<(FunctionId, bool)> = blocking.iter().map(|&id| (id, true)).collect();
        while let Some((id, is_itself)) = pending.pop() {
            let is_known = seen.contains(&id) || !is_itself && overridden.contains(&id);
            if is_known || !stays(id) {
                continue;
            }
            if is_itself {
                seen.insert(id);
                // A call of what it overrides may be one of it.
                let above = resolver.overridden(id).into_iter();
                pending.extend(above.map(|id| (id, false)));
            } else {
                overridden.insert(id);
            }
            for &(file, number) in index.calls_of(id) {
                let call = &self.facts[&file].calls[number];
                if !is_itself && !may_be_of_override(&call.callee) {
                    continue;
                }
                if recolour.begins_with(file, call) && !self.facts[&file].is_fixed {
                    let callee = found.entry((file, number)).or_insert((None, id));
                    callee.1 = callee.1.min(id);
                    continue;
                }
                let Runner::Function(caller) = call.runner else {
                    continue;
                };
                let caller = FunctionId {
                    file,
                    index: caller,
                };
                if is_async(caller) && self.facts[&file].is_fixed {
                    // Nothing is written there.
                } else if is_async(caller) {
                    let callee = found.entry((file, number)).or_insert((Some(caller), id));
                    callee.1 = callee.1.min(id);
                } else {
                    pending.push((caller, true));
                }
            }
        }
        seen.extend(overridden);
        (found, seen)
    }

    /// The methods that belong to their thread, by name: the first of each. A name that types of other libraries have too tells nothing.
    fn bound_methods(&self) -> FxHashMap<&str, FunctionId> {
        let mut found: FxHashMap<&str, FunctionId> = FxHashMap::default();
        for (&file, facts) in &self.facts {
            for (index, function) in facts.functions.iter().enumerate() {
                let name = function.name.as_str();
                if function.bound.is_none()
                    || function.class.is_none()
                    || is_common_method(name)
                    || is_special(name)
                {
                    continue;
                }
                let id = FunctionId {
                    file,
                    index: index as u32,
                };
                let first = found.entry(name).or_insert(id);
                *first = (*first).min(id);
            }
        }
        found
    }

    /// What each function runs, what the functions and lambdas in it run too: by number in a list of its file, of which
    /// `runners` tells what runs each.
    fn by_runner(
        &self,
        runners: impl Fn(&FileFacts) -> Vec<Runner>,
    ) -> FxHashMap<FunctionId, Vec<usize>> {
        let mut found: FxHashMap<FunctionId, Vec<usize>> = FxHashMap::default();
        for (&file, facts) in &self.facts {
            for (number, runner) in runners(facts).into_iter().enumerate() {
                let Runner::Function(index) = runner else {
                    continue;
                };
                let mut at = Some(index);
                while let Some(index) = at {
                    let of_function = found.entry(FunctionId { file, index }).or_default();
                    of_function.push(number);
                    at = facts
                        .functions
                        .get(index as usize)
                        .and_then(|function| function.outer);
                }
            }
        }
        found
    }
}

/// Judges what a thread may run.
struct Threads<'t, 'p> {
    propagation: &'t Propagation,
    resolver: &'t Resolver<'p>,
    calls: FxHashMap<FunctionId, Vec<usize>>,
    /// The uses as a value in each function, those in the functions and lambdas in it too.
    values: FxHashMap<FunctionId, Vec<usize>>,
    /// The methods that belong to their thread, by name: a call on something unknown may be one of them.
    bound: FxHashMap<&'t str, FunctionId>,
    /// What stands in the way of calls of these functions: many calls are of the same.
    known: RefCell<FxHashMap<Vec<FunctionId>, Option<Obstacle>>>,
}

impl Threads<'_, '_> {
    fn bridge(
        &self,
        file: FileId,
        call: &Call,
        callee: FunctionId,
        target: PythonVersion,
        allow_unsafe: bool,
    ) -> Outcome {
        let never = |what: &str| Err((&NO_THREAD, Some(what.to_string())));
        if call.keeps_blocking {
            return Err((&SUPPRESSED, None));
        }
        if target < PythonVersion::PY39 {
            return never("`asyncio.to_thread` needs Python 3.9");
        }
        if matches!(call.usage, Usage::Awaited | Usage::Coroutine) {
            return never("its result is awaited");
        }
        let sites = match &call.placement {
            Ok(sites) => sites,
            Err(reason) => return Err((reason, None)),
        };
        if sites.is_empty() || !call.can_thread {
            return never(
                "its callee or its arguments cannot be written as those of `asyncio.to_thread`",
            );
        }
        if call.is_race && !allow_unsafe {
            return Err((&RACE, None));
        }
        let note = match self.obstacle(file, call, callee) {
            None => None,
            Some(Obstacle::Never(what)) => return Err((&NO_THREAD, Some(what))),
            Some(Obstacle::Unseen(what)) if allow_unsafe => Some(what),
            Some(Obstacle::Unseen(what)) => {
                return Err((&THREAD_STATE, Some(format!("{what}; `--unsafe` takes it"))));
            }
        };
        let mut sites = sites.clone();
        sites.push(ColourSite::ToThread { call: call.node });
        Ok((sites, note))
    }

    /// What stands in the way of running a call in a thread, anywhere in the project's code that it comes to. `likely` is a
    /// function that it may be one of, whether or not that is certain.
    fn obstacle(&self, file: FileId, call: &Call, likely: FunctionId) -> Option<Obstacle> {
        let Called::Functions(functions) = self.resolver.called(file, &call.callee) else {
            let never = match self.obstacle_of(vec![likely]) {
                Some(Obstacle::Never(what)) => Some(Obstacle::Never(what)),
                _ => None,
            };
            let unseen = || Obstacle::Unseen("what it calls is not known".to_string());
            return Some(never.unwrap_or_else(unseen));
        };
        self.obstacle_of(functions)
    }

    fn obstacle_of(&self, functions: Vec<FunctionId>) -> Option<Obstacle> {
        if let Some(known) = self.known.borrow().get(&functions) {
            return known.clone();
        }
        let found = self.below(functions.clone());
        self.known.borrow_mut().insert(functions, found.clone());
        found
    }

    /// The same for what these functions come to.
    fn below(&self, mut pending: Vec<FunctionId>) -> Option<Obstacle> {
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let mut unseen: Option<String> = None;
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(function) = self.resolver.function(id) else {
                continue;
            };
            pending.extend(self.resolver.kin(id));
            let name = &function.qualified_name;
            if let Some(what) = never(function) {
                return Some(Obstacle::Never(format!("`{name}` {what}")));
            }
            if let Some(bound) = self.bound_obstacle(id, function) {
                return Some(bound);
            }
            let own = self.own_obstacle(id, function).map(|(file, line, what)| {
                let file = &self.resolver.file_name(file);
                format!("`{name}` {what} ({file}:{line})")
            });
            if unseen.is_none() {
                unseen = own;
            }
            for &number in self.calls.get(&id).into_iter().flatten() {
                let call = &self.propagation.facts[&id.file].calls[number];
                match self.resolver.called(id.file, &call.callee) {
                    Called::Functions(functions) => pending.extend(functions),
                    _ if let Some(bound) = self.may_be_bound(&call.callee) => return Some(bound),
                    // The facts of the file have judged these.
                    _ if matches!(
                        call.callee,
                        Callee::UnknownMethod { .. } | Callee::UnknownValue
                    ) => {}
                    _ if is_given(&call.callee) => {}
                    _ if is_plain(&call.callee) => {}
                    _ => {
                        unseen.get_or_insert_with(|| {
                            let file = self.resolver.file_name(id.file);
                            format!("`{name}` calls what is not known ({file}:{})", call.line)
                        });
                    }
                }
            }
        }
        unseen.map(Obstacle::Unseen)
    }

    fn bound_obstacle(&self, id: FunctionId, function: &Function) -> Option<Obstacle> {
        let (line, what) = function.bound?;
        let (name, file) = (&function.qualified_name, self.resolver.file_name(id.file));
        Some(Obstacle::Never(format!("`{name}` {what} ({file}:{line})")))
    }

    /// The obstacle of the method that a call on something unknown may be one of.
    fn may_be_bound(&self, callee: &Callee) -> Option<Obstacle> {
        let name = match callee {
            Callee::UnknownMethod { name } => name,
            Callee::Method { name, .. } if is_given(callee) => name,
            _ => return None,
        };
        let &id = self.bound.get(name.as_str())?;
        self.bound_obstacle(id, self.resolver.function(id)?)
    }

    fn own_obstacle(
        &self,
        id: FunctionId,
        function: &Function,
    ) -> Option<(FileId, u32, &'static str)> {
        if let Some((line, what)) = function.thread {
            return Some((id.file, line, what));
        }
        if let Some(line) = function.interrupt {
            return Some((
                id.file,
                line,
                "handles KeyboardInterrupt, which no thread gets",
            ));
        }
        let is_transparent = |target: &Target| matches!(target, Target::Path(path) if TRANSPARENT.contains(&path.as_str()));
        if !function
            .decorators
            .iter()
            .all(|decorator| is_transparent(&decorator.target))
        {
            return Some((id.file, function.line, "is decorated"));
        }
        let values = &self.propagation.facts[&id.file].values;
        let own = self.values.get(&id).into_iter().flatten();
        own.map(|&number| &values[number])
            .find(|value| {
                // The read of a property runs it.
                (value.kind != ValueKind::Identity || !matches!(value.callee, Callee::Target(_)))
                    && matches!(
                        self.resolver.called(id.file, &value.callee),
                        Called::Functions(_)
                    )
            })
            .map(|value| (id.file, value.line, "hands a function or property on"))
    }
}

/// Whether a call of a method may run an override of it: `super().m()` and what is named do not.
fn may_be_of_override(callee: &Callee) -> bool {
    !matches!(callee, Callee::Super { .. } | Callee::Target(_))
}

/// Why a thread can never run a function.
fn never(function: &Function) -> Option<&'static str> {
    // What calls an `__init__` gives an object, which is there when the call ends.
    let is_plain = matches!(Shape::of(function), Shape::Plain | Shape::Constructor);
    if function.is_async || function.is_generator || !is_plain {
        return Some("gives a generator, a coroutine or a context manager");
    }
    if function.stop_iteration || !function.nexts.is_empty() {
        return Some("may raise StopIteration, which a thread cannot hand on");
    }
    if function.runs_loop {
        return Some("runs an event loop");
    }
    if function.greenlets {
        return Some("calls gevent or eventlet, whose loop is one of its thread");
    }
    None
}

/// Whether a method is one of an object whose class nobody can tell for sure.
fn is_given(callee: &Callee) -> bool {
    matches!(callee, Callee::Method { receiver, .. } if receiver.is_given())
}

/// Whether a method is one of text, numbers or paths.
fn is_plain(callee: &Callee) -> bool {
    matches!(callee, Callee::Method { receiver: Type::Path(path), .. } if is_plain_type(path))
}
