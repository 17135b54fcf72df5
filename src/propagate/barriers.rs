//! What forbids a function to become async, whoever calls it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::decorators;
use super::index::CallIndex;
use super::programs::EntryPoints;
use super::protocol::{self, Protocol, is_special, property_barrier};
use super::reasons::{
    DECORATED, FOREIGN_BASE, FORKS, GENERATOR_CLEANUP, GENERATOR_RESULT, GREENLETS,
    KEYBOARD_INTERRUPT, MADE_NAME, NAMED_IN_STRING, RUNS_LOOP, SPECIAL_METHOD, STOP_ITERATION,
    STUB_ONLY, WSGI,
};
use super::rules::Rules;
use super::shape::Shape;
use crate::callgraph::facts::program::{ProgramKind, kind};
use crate::callgraph::resolve::{ClassId, Resolver};
use crate::callgraph::{Function, Target, Usage};
use crate::colour;
use crate::discovery::Kind;
use crate::index::Project;
use crate::semantic::Runner;
use crate::solve::{Graph, Node};
use crate::unit::{FileId, FunctionId, Holder, Reason};

/// What a function is looked at with.
pub(super) struct Surroundings<'s, 'p> {
    pub(super) project: &'s Project,
    pub(super) resolver: &'s Resolver<'p>,
    pub(super) rules: &'s Rules<'s>,
    /// The functions that run an event loop: see [`Propagation::reaching`].
    pub(super) loops: &'s FxHashMap<FunctionId, Option<String>>,
    /// The functions that fork the process: see [`Propagation::reaching`].
    pub(super) forks: &'s FxHashMap<FunctionId, Option<String>>,
    pub(super) greenlets: &'s FxHashMap<FunctionId, Option<String>>,
    /// The functions with which a program begins.
    pub(super) entry_points: &'s EntryPoints,
    /// The files that look members up by made names.
    pub(super) with_lookups: &'s [FileId],
}

/// Whether a function has the two parameters that every WSGI application has, by the names that PEP 3333 gives them.
fn is_wsgi_application(function: &Function) -> bool {
    let names: Vec<&str> = function
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    names.ends_with(&["environ", "start_response"])
}

impl Propagation {
    /// Why a function cannot become async whoever calls it.
    pub(super) fn intrinsic_barrier(
        &self,
        around: &Surroundings<'_, '_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(&'static Reason, Option<String>)> {
        let lifts = function.lifts && around.rules.allow_unsafe;
        if function.is_lambda && function.hands_on.is_none() && !lifts {
            return Some((&colour::LAMBDA, None));
        }
        if around.project.file(id.file).kind == Kind::Stub {
            return Some((&STUB_ONLY, Some(format!("`{}`", function.qualified_name))));
        }
        if let Some(pin) = &function.pin {
            return Some(pin.barrier());
        }
        match Protocol::of(function) {
            Some(protocol) => {
                let barrier = protocol::barrier(
                    self,
                    around.resolver,
                    id,
                    function,
                    protocol,
                    around.rules.allow_unsafe,
                );
                if barrier.is_some() {
                    return barrier;
                }
            }
            None if is_special(&function.name) => {
                return Some((
                    &SPECIAL_METHOD,
                    Some(format!("`{}`", function.qualified_name)),
                ));
            }
            None => {}
        }
        if function.is_property {
            let barrier =
                property_barrier(around.resolver, id, function, around.rules.allow_unsafe);
            if barrier.is_some() {
                return barrier;
            }
        }
        if let Some(line) = around.loops.get(&id) {
            return Some((&RUNS_LOOP, line.clone()));
        }
        if let Some(through) = around.forks.get(&id) {
            return Some((&FORKS, through.clone()));
        }
        if let Some(through) = around.greenlets.get(&id) {
            return Some((&GREENLETS, through.clone()));
        }
        if let Some((file, line)) =
            self.looked_up(around.with_lookups, around.resolver, id, function)
        {
            return Some((
                &MADE_NAME,
                Some(format!("{}:{line}", around.project.file(file).name)),
            ));
        }
        if is_wsgi_application(function) {
            return Some((&WSGI, None));
        }
        if function.generator_result {
            return Some((&GENERATOR_RESULT, None));
        }
        if let Some(Err(reason)) = function.context_manager {
            return Some((reason, None));
        }
        // With `async with` the clean-up of a context manager runs at the same place, and the loops over a generator close it.
        if function.generator_cleanup && Shape::of(function) == Shape::Iterator {
            return Some((&GENERATOR_CLEANUP, None));
        }
        if function.may_stop(id.file, &self.nexts) {
            return Some((&STOP_ITERATION, None));
        }
        if let Some(refused) = self.interrupt_barrier(around, id, function) {
            return Some(refused);
        }
        let opaque = decorators::opaque(around.resolver, id.file, function);
        if let Some(decorator) = opaque {
            let detail = match &decorator.target {
                Target::Path(path) if kind(path) == Some(ProgramKind::Celery) => {
                    Some(format!("`{path}`; `--unsafe` takes it"))
                }
                _ => decorators::describe(around.resolver, around.project, id.file, decorator),
            };
            return Some((&DECORATED, detail));
        }
        if let Some(class) = function.class
            && let Some(base) = around.resolver.base_that_knows(
                ClassId {
                    file: id.file,
                    index: class,
                },
                &function.name,
            )
        {
            return Some((&FOREIGN_BASE, Some(format!("`{base}`"))));
        }
        if let Some(refused) = around.entry_points.refused(id) {
            return Some(refused);
        }
        self.test_barrier(around, id, function)
    }

    /// A handler of Ctrl-C does not run in a coroutine.
    pub(super) fn interrupt_barrier(
        &self,
        around: &Surroundings<'_, '_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(&'static Reason, Option<String>)> {
        let line = function.interrupt.filter(|_| !around.rules.allow_unsafe)?;
        let file = &around.project.file(id.file).name;
        let detail = format!("{file}:{line}; `--unsafe` takes it");
        Some((&KEYBOARD_INTERRUPT, Some(detail)))
    }

    /// The place where a member is looked up by a made name that may be this function's.
    pub(super) fn looked_up(
        &self,
        with_lookups: &[FileId],
        resolver: &Resolver<'_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<(FileId, u32)> {
        for &file in with_lookups {
            for lookup in &self.facts[&file].lookups {
                if !function.name.starts_with(lookup.prefix.as_str()) {
                    continue;
                }
                let matches = match &lookup.of {
                    None => !lookup.prefix.is_empty(),
                    Some(type_) => match resolver.class_of(file, type_) {
                        Some(class) => {
                            resolver.method(class, &function.name).is_some_and(|found| {
                                found == id || resolver.family(id).contains(&found)
                            })
                        }
                        // A module: its own functions.
                        None => match type_ {
                            crate::callgraph::Type::Path(path) => {
                                function.class.is_none() && resolver.is_module(path, id.file)
                            }
                            _ => false,
                        },
                    },
                };
                if matches {
                    return Some((file, lookup.line));
                }
            }
        }
        None
    }

    /// The other names of functions are looked up and named in strings and metadata too.
    pub(super) fn renamed_barriers(
        &self,
        around: &Surroundings<'_, '_>,
        functions: &[FunctionId],
        graph: &mut Graph,
    ) {
        let mut renamed = around.resolver.renamed();
        renamed.retain(|(id, ..)| functions.binary_search(id).is_ok());
        let dotted: Vec<String> = renamed
            .iter()
            .map(|(_, file, name)| format!("{}.{name}", around.project.file(*file).module.name))
            .collect();
        let quoted = (around.rules.quoted)(&dotted, &self.doubled_texts());
        for (number, &(id, file, name)) in renamed.iter().enumerate() {
            if around
                .resolver
                .function(id)
                .is_none_or(|function| function.is_async)
            {
                continue;
            }
            let node = Node::Holder(Holder::Function(id));
            if let Some(place) = quoted.get(&number)
                && !around.entry_points.contains(id)
            {
                graph.barrier(node, &NAMED_IN_STRING, Some(place.clone()));
            }
            for &other in around.with_lookups {
                for lookup in &self.facts[&other].lookups {
                    let is_module = match &lookup.of {
                        None => !lookup.prefix.is_empty(),
                        Some(crate::callgraph::Type::Path(path)) => {
                            around.resolver.is_module(path, file)
                        }
                        Some(_) => false,
                    };
                    if is_module && name.starts_with(lookup.prefix.as_str()) {
                        let place = format!("{}:{}", around.project.file(other).name, lookup.line);
                        graph.barrier(node, &MADE_NAME, Some(place));
                    }
                }
            }
        }
    }

    /// The functions that do something of their own, or come to it through sync functions that they call: to run an event
    /// loop or to fork is an error where a loop runs. Each with the function that it is through.
    ///
    /// `also` do it, or call what will.
    pub(super) fn reaching(
        &self,
        begins: impl Fn(&Function) -> bool,
        index: &CallIndex,
        resolver: &Resolver<'_>,
        also: Vec<(FunctionId, Option<String>)>,
    ) -> FxHashMap<FunctionId, Option<String>> {
        let mut loops: FxHashMap<FunctionId, Option<String>> = FxHashMap::default();
        let mut pending: Vec<(FunctionId, Option<String>)> = also;
        for (&file, facts) in &self.facts {
            for (number, function) in facts.functions.iter().enumerate() {
                if begins(function) && !function.is_async {
                    pending.push((
                        FunctionId {
                            file,
                            index: number as u32,
                        },
                        None,
                    ));
                }
            }
        }
        pending.sort_by_key(|(id, _)| *id);
        while let Some((id, through)) = pending.pop() {
            if loops.contains_key(&id) {
                continue;
            }
            let Some(function) = resolver.function(id) else {
                continue;
            };
            let name = Some(format!("through `{}`", function.qualified_name));
            for &(file, call) in index.calls_of(id) {
                if let Runner::Function(caller) = self.facts[&file].calls[call].runner {
                    let caller = FunctionId {
                        file,
                        index: caller,
                    };
                    if resolver
                        .function(caller)
                        .is_some_and(|caller| !caller.is_async)
                    {
                        pending.push((caller, name.clone()));
                    }
                }
            }
            loops.insert(id, through);
        }
        loops
    }

    /// The generators that are closed where they are left: those that clean up then, and those that iterate one which does,
    /// because it is left with them. One call may be of any of a family.
    pub(super) fn closing(
        &self,
        index: &CallIndex,
        resolver: &Resolver<'_>,
    ) -> FxHashSet<FunctionId> {
        let is_generator = |id: FunctionId| {
            resolver
                .function(id)
                .is_some_and(|function| Shape::of(function) == Shape::Generator)
        };
        let mut pending: Vec<FunctionId> = Vec::new();
        for (&file, facts) in &self.facts {
            for (number, function) in facts.functions.iter().enumerate() {
                // pytest resumes a fixture when the test is done.
                if function.generator_cleanup && function.fixture.is_none() {
                    pending.push(FunctionId {
                        file,
                        index: number as u32,
                    });
                }
            }
        }
        let mut closing: FxHashSet<FunctionId> = FxHashSet::default();
        while let Some(id) = pending.pop() {
            if !is_generator(id) || !closing.insert(id) {
                continue;
            }
            pending.extend(resolver.kin(id));
            pending.extend(index.peers_of(id));
            pending.extend(index.shared_with(id));
            for &(file, call) in index.calls_of(id) {
                let call = &self.facts[&file].calls[call];
                if let Runner::Function(index) = call.runner
                    && matches!(call.usage, Usage::Iterated(_) | Usage::Delegated(_))
                {
                    pending.push(FunctionId { file, index });
                }
            }
        }
        closing
    }
}
