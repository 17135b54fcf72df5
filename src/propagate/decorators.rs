//! What decorators make of functions that become async.
//!
//! A decorator of the project gives back a wrapper that calls the decorated function. One wrapper stands for all functions
//! that it decorates, so the wrapper and all of them have one colour: they are peers in the [`CallIndex`], and the call in
//! the wrapper is a call of each of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::CallIndex;
use super::reasons::DECORATOR_USE;
use super::rules::Describe;
use super::shape::{Shape, goes_with_context_manager, takes_coroutine_functions, why_not};
use crate::callgraph::names::any_name_of_target;
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::{Resolved, Resolver};
use crate::callgraph::{Decorating, Decorator, Function, Target};
use crate::index::Project;
use crate::solve::{Graph, Node};
use crate::unit::{FileId, FunctionId};

/// What a decorator makes of a function that becomes async.
#[derive(Debug)]
pub(super) enum Effect<'f> {
    /// It leaves it as it is, or knows what to do with a coroutine function.
    None,
    /// This function of the project decorates it.
    Own(&'f Decorating),
    /// It may call it without `await`.
    Opaque,
}

/// The decorators of the project, and what they decorate.
#[derive(Debug, Default)]
pub(crate) struct Decorators {
    /// The function whose name stands behind the `@`, for each wrapper.
    makers: FxHashMap<FunctionId, FunctionId>,
    /// Those that decorate a function in sight.
    applied: FxHashSet<FunctionId>,
    /// The first use of each that is no decoration of a sync function.
    others: FxHashMap<FunctionId, Other>,
}

/// A use of a decorator that keeps its wrapper sync.
#[derive(Debug)]
pub(super) enum Other {
    /// It is called, stored, or decorates a class.
    Used(FileId, u32),
    /// It decorates an async function.
    Async(FunctionId),
}

/// What a decorator makes of a function of this file.
pub(super) fn effect<'f>(
    resolver: &Resolver<'f>,
    file: FileId,
    function: &Function,
    decorator: &Decorator,
) -> Effect<'f> {
    let shape = Shape::of(function);
    let goes = match shape {
        Shape::ContextManager => goes_with_context_manager,
        // The property's own decorator goes.
        Shape::Property => {
            |path: &str| path == "builtins.property" || takes_coroutine_functions(path)
        }
        _ => takes_coroutine_functions,
    };
    match resolver.target(file, &decorator.target) {
        Resolved::Function(id) => match resolver.decorating(id) {
            Some(decorating)
                if is_form(decorating, decorator)
                    // Which one of several decorates cannot be told.
                    && resolver.family(id).is_empty()
                    && (shape == Shape::Plain || decorating.wrappers.is_empty()) =>
            {
                Effect::Own(decorating)
            }
            _ => Effect::Opaque,
        },
        Resolved::Foreign(path) if goes(&path) => Effect::None,
        // `@app.get("/")`, where another module of the project makes the application.
        Resolved::Unknown
            if of_variable(resolver, file, decorator).is_some_and(|path| goes(&path)) =>
        {
            Effect::None
        }
        // What the test runner does with it is told apart.
        Resolved::Foreign(_) if function.fixture.is_some() && function.decorators.len() == 1 => {
            Effect::None
        }
        _ => Effect::Opaque,
    }
}

/// The path of a method that decorates, by the class of the variable of another module that has it.
fn of_variable(resolver: &Resolver<'_>, file: FileId, decorator: &Decorator) -> Option<String> {
    let Target::Path(path) = &decorator.target else {
        return None;
    };
    let (class, method) = resolver.foreign_variable(file, path)?;
    Some(format!("{class}.{method}"))
}

fn is_form(decorating: &Decorating, decorator: &Decorator) -> bool {
    if decorator.is_called {
        decorating.is_factory
    } else {
        decorating.is_plain
    }
}

/// The first decorator of a function that may call it without `await`.
pub(super) fn opaque<'f>(
    resolver: &Resolver<'_>,
    file: FileId,
    function: &'f Function,
) -> Option<&'f Decorator> {
    function
        .decorators
        .iter()
        .find(|decorator| matches!(effect(resolver, file, function, decorator), Effect::Opaque))
}

/// A decorator, for people: its path, or the place of a function or class of the project.
pub(super) fn describe(
    resolver: &Resolver<'_>,
    project: &Project,
    file: FileId,
    decorator: &Decorator,
) -> Option<String> {
    let place = |file: FileId, name: &str, line: u32| {
        format!("`{name}` ({}:{line})", project.file(file).name)
    };
    match (resolver.target(file, &decorator.target), &decorator.target) {
        (Resolved::Function(id), _) => resolver
            .function(id)
            .map(|function| place(id.file, &function.qualified_name, function.line)),
        (Resolved::Class(id), _) => resolver
            .class(id)
            .map(|class| format!("the class `{}`", class.qualified_name)),
        (_, Target::Path(path)) => {
            let name = path.trim_start_matches("builtins.");
            Some(match why_not(path) {
                Some(why) => format!("`{name}`: {why}"),
                None => format!("`{name}`"),
            })
        }
        _ => None,
    }
}

/// Whether an attribute of a decorated function is one that a decorator of the project keeps on its wrapper.
pub(super) fn is_kept(resolver: &Resolver<'_>, id: FunctionId, attribute: &str) -> bool {
    resolver.function(id).is_some_and(|function| {
        function.decorators.iter().any(|decorator| {
            matches!(
                effect(resolver, id.file, function, decorator),
                Effect::Own(decorating)
                    if decorating.attributes.iter().any(|own| own == attribute)
            )
        })
    })
}

impl Decorators {
    /// The decorator behind a wrapper.
    pub(super) fn maker(&self, wrapper: FunctionId) -> Option<FunctionId> {
        self.makers.get(&wrapper).copied()
    }

    /// Notes a use of a function, if it is a decorator.
    pub(super) fn note(
        &mut self,
        resolver: &Resolver<'_>,
        id: FunctionId,
        file: FileId,
        line: u32,
    ) {
        if resolver.decorating(id).is_some() {
            self.others.entry(id).or_insert(Other::Used(file, line));
        }
    }
}

impl CallIndex {
    /// Joins the decorators of the project with what they decorate.
    pub(super) fn decorate(
        &mut self,
        resolver: &Resolver<'_>,
        facts: &ProjectFacts,
        names: &FxHashSet<String>,
    ) {
        let tables = facts.tables();
        for &file in &tables.decorating {
            for (&index, decorating) in &facts[&file].decorating {
                for &wrapper in &decorating.wrappers {
                    let id = |index| FunctionId { file, index };
                    self.decorators.makers.insert(id(wrapper), id(index));
                }
            }
        }
        let named = names.iter().flat_map(|name| tables.decorated.of(name));
        let mut named: Vec<FunctionId> = named.copied().collect();
        named.sort_unstable();
        named.dedup();
        for id in named {
            let of_file = &facts[&id.file];
            let function = &of_file.functions[id.index as usize];
            let is_named = names.contains(&function.name);
            for decorator in &function.decorators {
                let is_one = |name: &str| names.contains(name);
                if is_named || any_name_of_target(of_file, &decorator.target, is_one) {
                    self.decorated(resolver, id, function, decorator);
                }
            }
        }
    }

    fn decorated(
        &mut self,
        resolver: &Resolver<'_>,
        id: FunctionId,
        function: &Function,
        decorator: &Decorator,
    ) {
        let Resolved::Function(maker) = resolver.target(id.file, &decorator.target) else {
            return;
        };
        let Effect::Own(decorating) = effect(resolver, id.file, function, decorator) else {
            self.decorators
                .note(resolver, maker, id.file, function.line);
            return;
        };
        if function.is_async && !decorating.wrappers.is_empty() {
            let others = &mut self.decorators.others;
            others.entry(maker).or_insert(Other::Async(id));
            return;
        }
        self.decorators.applied.insert(maker);
        for &index in &decorating.wrappers {
            let wrapper = FunctionId {
                file: maker.file,
                index,
            };
            self.peers.entry(id).or_default().push(wrapper);
            self.peers.entry(wrapper).or_default().push(id);
        }
        self.calls.entry(id).or_default().extend(
            decorating
                .calls
                .iter()
                .map(|&number| (maker.file, number as usize)),
        );
    }
}

impl Propagation {
    /// What keeps the wrapper of a decorator sync: uses of the decorator that are not seen to the end.
    pub(super) fn decorator_barrier(
        &self,
        index: &CallIndex,
        resolver: &Resolver<'_>,
        maker: FunctionId,
        node: Node,
        graph: &mut Graph,
        describe: &Describe<'_>,
    ) {
        let Some(function) = resolver.function(maker) else {
            return;
        };
        if let Some(pin) = &function.pin {
            let (reason, detail) = pin.barrier();
            graph.barrier(node, reason, detail);
        }
        let name = &function.qualified_name;
        let first = |places: &FxHashMap<String, Vec<(FileId, u32)>>| {
            places.get(&function.name)?.first().copied()
        };
        let elsewhere = if function.class.is_some() {
            index
                .unknown_receivers(&function.name)
                .first()
                .map(|at| (at.file, at.line))
        } else {
            first(&index.unresolved).or_else(|| first(&index.taken))
        };
        let detail = match (index.decorators.others.get(&maker), elsewhere) {
            (Some(&Other::Used(file, line)), _) | (None, Some((file, line))) => {
                format!("`{name}` is used in another way ({})", describe(file, line))
            }
            (Some(&Other::Async(id)), _) => {
                let other = resolver.function(id);
                let line = other.map_or(0, |other| other.line);
                let other = other.map_or("", |other| other.qualified_name.as_str());
                let place = describe(id.file, line);
                format!("`{name}` decorates `{other}`, which is async already ({place})")
            }
            (None, None) if index.decorators.applied.contains(&maker) => return,
            (None, None) => format!("no function that `{name}` decorates is in sight"),
        };
        graph.barrier(node, &DECORATOR_USE, Some(detail));
    }
}
