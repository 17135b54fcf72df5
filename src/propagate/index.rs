//! Calls and uses as values, by function.

use rustc_hash::{FxHashMap, FxHashSet};

use super::doubles::Doubles;
use super::shape::{Shape, goes_with_context_manager, takes_coroutine_functions};
use crate::callgraph::resolve::{Called, ClassId, Resolver, UNKNOWN_BASE};
use crate::callgraph::{Callee, FileFacts, Target, Usage, ValueKind};
use crate::semantic::Runner;
use crate::unit::{FileId, FunctionId};

/// Calls and value uses by function.
pub(crate) struct CallIndex {
    /// Methods that one call may reach: they have one colour.
    pub(super) peers: FxHashMap<FunctionId, Vec<FunctionId>>,
    pub(super) calls: FxHashMap<FunctionId, Vec<(FileId, usize)>>,
    pub(super) values: FxHashMap<FunctionId, Vec<(FileId, u32)>>,
    pub(super) unknown: FxHashMap<String, Vec<(FileId, u32)>>,
    /// Calls of this name through a module that was not found.
    pub(super) unresolved: FxHashMap<String, Vec<(FileId, u32)>>,
    /// Members of this name that are taken from something unknown without a call: `getattr(module, "load")`.
    pub(super) taken: FxHashMap<String, Vec<(FileId, u32)>>,
    /// What test doubles take the place of.
    pub(super) doubles: Doubles,
}

impl CallIndex {
    pub(crate) fn new(
        resolver: &Resolver<'_>,
        facts: &FxHashMap<FileId, FileFacts>,
        names: &FxHashSet<String>,
    ) -> Self {
        let mut index = Self {
            peers: FxHashMap::default(),
            calls: FxHashMap::default(),
            values: FxHashMap::default(),
            unknown: FxHashMap::default(),
            unresolved: FxHashMap::default(),
            taken: FxHashMap::default(),
            doubles: Doubles::new(resolver, facts, names),
        };
        for &(function, double) in &index.doubles.peers {
            index.peers.entry(function).or_default().push(double);
            index.peers.entry(double).or_default().push(function);
        }
        let mut files: Vec<FileId> = facts.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            let of_file = &facts[&file];
            for (number, call) in of_file.calls.iter().enumerate() {
                // What a generator iterates decides whether it has something to clean up, whatever its name.
                let is_iterated_by_generator = matches!(
                    call.usage,
                    Usage::Iterated(_) | Usage::Delegated(..)
                ) && matches!(call.runner, Runner::Function(index)
                        if of_file.functions.get(index as usize).is_some_and(|function| function.is_generator));
                if !is_iterated_by_generator && !is_wanted(of_file, &call.callee, names) {
                    continue;
                }
                match resolver.called(file, &call.callee) {
                    Called::Functions(functions) => {
                        for pair in functions.windows(2) {
                            index.peers.entry(pair[0]).or_default().push(pair[1]);
                            index.peers.entry(pair[1]).or_default().push(pair[0]);
                        }
                        for function in functions {
                            index
                                .calls
                                .entry(function)
                                .or_default()
                                .push((file, number));
                        }
                    }
                    Called::Method(name) => index
                        .unknown
                        .entry(name)
                        .or_default()
                        .push((file, call.line)),
                    Called::Unresolved(name) => {
                        let place = (file, call.line);
                        index
                            .unresolved
                            .entry(name.clone())
                            .or_default()
                            .push(place);
                        index.unknown.entry(name).or_default().push(place);
                    }
                    Called::AttributeOf(function) => {
                        index
                            .values
                            .entry(function)
                            .or_default()
                            .push((file, call.line));
                    }
                    Called::Nothing | Called::Unknown => {}
                }
            }
            for value in of_file
                .values
                .iter()
                .filter(|value| value.kind != ValueKind::TakesCoroutine)
            {
                if !is_wanted(of_file, &value.callee, names)
                    || index.doubles.tracked.contains(&(file, value.range))
                {
                    continue;
                }
                let is_identity = value.kind == ValueKind::Identity;
                match resolver.called(file, &value.callee) {
                    Called::Functions(functions) => {
                        for function in functions {
                            // At the end of a path a property is read, whatever becomes of the value.
                            let is_plain = resolver
                                .function(function)
                                .is_some_and(|function| function.class.is_none());
                            if is_identity && is_plain {
                                continue;
                            }
                            index
                                .values
                                .entry(function)
                                .or_default()
                                .push((file, value.line));
                        }
                    }
                    _ if is_identity => {}
                    Called::Method(name) | Called::Unresolved(name) => {
                        index
                            .taken
                            .entry(name.clone())
                            .or_default()
                            .push((file, value.line));
                        index
                            .unknown
                            .entry(name)
                            .or_default()
                            .push((file, value.line));
                    }
                    Called::AttributeOf(function) => {
                        index
                            .values
                            .entry(function)
                            .or_default()
                            .push((file, value.line));
                    }
                    Called::Nothing | Called::Unknown => {
                        if let Callee::UnknownMethod { name } = &value.callee {
                            index
                                .unknown
                                .entry(name.clone())
                                .or_default()
                                .push((file, value.line));
                        }
                    }
                }
            }
        }
        index
    }

    pub(crate) fn calls_of(&self, id: FunctionId) -> &[(FileId, usize)] {
        self.calls.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn peers_of(&self, id: FunctionId) -> impl Iterator<Item = FunctionId> + '_ {
        self.peers.get(&id).into_iter().flatten().copied()
    }

    pub(super) fn values_of(&self, id: FunctionId) -> &[(FileId, u32)] {
        self.values.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn unknown_receivers(&self, name: &str) -> &[(FileId, u32)] {
        self.unknown.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a function is a barrier by what is known of it alone, or by a use that is known already.
    pub(super) fn is_blocked(&self, resolver: &Resolver<'_>, id: FunctionId) -> bool {
        let Some(function) = resolver.function(id) else {
            return true;
        };
        function.is_lambda
            || function.keep_sync
            || function.name.starts_with("__") && function.name.ends_with("__")
            || function.generator_result
            || function.stop_iteration
            || function
                .decorators
                .iter()
                .any(|decorator| match Shape::of(function) {
                    Shape::ContextManager => !goes_with_context_manager(decorator),
                    Shape::Plain | Shape::Generator => !takes_coroutine_functions(decorator),
                })
            || !self.values_of(id).is_empty()
            || function
                .class
                .and_then(|class| {
                    resolver.foreign_base(ClassId {
                        file: id.file,
                        index: class,
                    })
                })
                // A base that is not known yet may be one of the project.
                .is_some_and(|base| base != UNKNOWN_BASE)
    }

    /// The functions that must be async if these are: they, their callers, their families. Async functions are in
    /// it, but nothing is required of their callers.
    pub(super) fn reached(
        &self,
        resolver: &Resolver<'_>,
        starts: &[FunctionId],
        is_blocked: &dyn Fn(FunctionId) -> bool,
    ) -> FxHashSet<FunctionId> {
        let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
        let mut pending: Vec<FunctionId> = starts.to_vec();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(function) = resolver.function(id) else {
                continue;
            };
            // Nothing above a barrier can become async because of what is below it.
            if function.is_async || is_blocked(id) {
                continue;
            }
            pending.extend(resolver.kin(id));
            pending.extend(self.peers_of(id));
            for &(file, call) in self.calls_of(id) {
                let Some(call) = resolver.call(file, call) else {
                    continue;
                };
                if let Runner::Function(index) = call.runner {
                    pending.push(FunctionId { file, index });
                }
            }
        }
        seen
    }
}

/// A private name as it is written: `__step` for `_Client__step`.
pub(super) fn unmangled(name: &str) -> &str {
    match name.strip_prefix('_').and_then(|rest| rest.find("__")) {
        Some(at) if at > 0 => &name[at + 1..],
        _ => name,
    }
}

/// Whether a callee may be one of the functions that matter, by name: all others need not be resolved.
pub(super) fn is_wanted(facts: &FileFacts, callee: &Callee, names: &FxHashSet<String>) -> bool {
    match callee {
        Callee::Target(Target::Function(index)) => facts
            .functions
            .get(*index as usize)
            .is_some_and(|function| names.contains(&function.name)),
        Callee::Target(Target::Path(path)) => path.split('.').any(|part| names.contains(part)),
        Callee::Target(Target::Class(_) | Target::Unknown) | Callee::UnknownValue => false,
        Callee::Method { name, .. }
        | Callee::Super { name, .. }
        | Callee::UnknownMethod { name } => names.contains(name) || names.contains(unmangled(name)),
    }
}
