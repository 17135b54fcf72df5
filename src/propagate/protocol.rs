//! Special methods that have an async counterpart: what goes with them, and what forbids it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::CallIndex;
use super::reasons::{
    ASYNC_PROTOCOL, CONSTRUCTOR, CONSTRUCTOR_FORM, FOREIGN_BASE, HALF_PROTOCOL, PROPERTY,
    PROPERTY_USE, STOP_ITERATION,
};
use crate::callgraph::Function;
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::{Called, ClassId, Resolver};
use crate::colour;
use crate::unit::{FunctionId, Reason};

/// What a special method that may become async belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// `__enter__` and `__exit__`.
    Manager,
    /// `__iter__` and `__next__`.
    Iterator,
    /// `__call__`: it keeps its name.
    Call,
    /// `__init__`: a class method takes its place.
    Constructor,
}

impl Protocol {
    /// The protocol of a method; `None` for any other function, special or not.
    pub(super) fn of(function: &Function) -> Option<Self> {
        function.class?;
        Some(match function.name.as_str() {
            "__enter__" | "__exit__" => Self::Manager,
            "__iter__" | "__next__" => Self::Iterator,
            "__call__" => Self::Call,
            "__init__" => Self::Constructor,
            _ => return None,
        })
    }
}

/// Whether a method gives its iterator and does nothing else: `__aiter__` is not async either, unless it yields.
pub(super) fn is_plain_iter(function: &Function) -> bool {
    function.name == "__iter__" && function.class.is_some() && !function.is_generator
}

/// Whether Python calls a function of this name itself.
pub fn is_special(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

/// Joins the methods of one protocol in each class: they change together.
pub(super) fn pair(
    resolver: &Resolver<'_>,
    facts: &ProjectFacts,
    peers: &mut FxHashMap<FunctionId, Vec<FunctionId>>,
) {
    let mut classes = facts.tables().pairing.clone();
    classes.sort_unstable();
    for id in classes {
        if let Some(class) = resolver.class(id) {
            let is_own = |name: &str| class.methods.iter().any(|(own, _)| own == name);
            for [one, other] in [["__enter__", "__exit__"], ["__iter__", "__next__"]] {
                // What it has from one base is joined there.
                if !is_own(one) && !is_own(other) && class.bases.len() < 2 {
                    continue;
                }
                if let (Some(one), Some(other)) =
                    (resolver.method(id, one), resolver.method(id, other))
                {
                    peers.entry(one).or_default().push(other);
                    peers.entry(other).or_default().push(one);
                }
            }
        }
    }
}

/// Why a special method cannot become async with its protocol, apart from where instances go.
pub(super) fn barrier(
    propagation: &Propagation,
    resolver: &Resolver<'_>,
    id: FunctionId,
    function: &Function,
    protocol: Protocol,
    allow_unsafe: bool,
) -> Option<(&'static Reason, Option<String>)> {
    let class = ClassId {
        file: id.file,
        index: function.class?,
    };
    let related = resolver.related(class);
    if protocol == Protocol::Constructor {
        if !allow_unsafe {
            let detail = format!("`{}`", function.qualified_name);
            return Some((&CONSTRUCTOR, Some(detail)));
        }
        if let Some(Err(detail)) = function.creates {
            return Some((&CONSTRUCTOR_FORM, Some(detail.to_string())));
        }
        if related.len() > 1 {
            let detail = "the class has a subclass".to_string();
            return Some((&CONSTRUCTOR_FORM, Some(detail)));
        }
    }
    // What derives from something outside of the project as well may be handed to it.
    if let Some(base) = related
        .iter()
        .find_map(|&class| resolver.foreign_base(class))
    {
        return Some((&FOREIGN_BASE, Some(format!("`{base}`"))));
    }
    let has = |class: ClassId, name: &str| {
        resolver.class(class).is_some_and(|class| {
            let mut names = class.methods.iter().map(|(name, _)| name);
            names.any(|own| own == name)
                || class.attributes.iter().any(|(own, _)| own == name)
                || class.untyped.iter().any(|own| own == name)
        })
    };
    if let Some(counterpart) = colour::async_special(&function.name)
        && let Some(owner) = related.iter().find(|&&class| has(class, counterpart))
    {
        let name = resolver
            .class(*owner)
            .map_or("", |class| class.qualified_name.as_str());
        return Some((&ASYNC_PROTOCOL, Some(format!("`{name}.{counterpart}`"))));
    }
    let partner = match function.name.as_str() {
        "__enter__" => Some("__exit__"),
        "__exit__" => Some("__enter__"),
        "__next__" => Some("__iter__"),
        _ => None,
    };
    if let Some(partner) = partner
        && !related
            .iter()
            .any(|&class| resolver.method(class, partner).is_some())
    {
        return Some((&HALF_PROTOCOL, Some(format!("no `{partner}` is in sight"))));
    }
    if is_plain_iter(function) && !function.returns_self {
        let detail = "`__iter__` gives something else than `self`";
        return Some((&HALF_PROTOCOL, Some(detail.to_string())));
    }
    if protocol == Protocol::Iterator
        && function.name == "__next__"
        && let Some(name) = stops_below(propagation, resolver, id)
    {
        return Some((&STOP_ITERATION, Some(format!("through `{name}`"))));
    }
    None
}

/// Why a property cannot become a method, apart from who reads it.
pub(super) fn property_barrier(
    resolver: &Resolver<'_>,
    id: FunctionId,
    function: &Function,
    allow_unsafe: bool,
) -> Option<(&'static Reason, Option<String>)> {
    if !allow_unsafe {
        let detail = format!("`{}`", function.qualified_name);
        return Some((&PROPERTY, Some(detail)));
    }
    let class = ClassId {
        file: id.file,
        index: function.class?,
    };
    let related = resolver.related(class);
    if let Some(base) = related
        .iter()
        .find_map(|&class| resolver.foreign_base(class))
    {
        return Some((&FOREIGN_BASE, Some(format!("`{base}`"))));
    }
    let name = resolver.stored_name(id, resolver.function(id)?);
    related.iter().copied().find_map(|at| {
        let class = resolver.class(at)?;
        let mut attributes = class
            .attributes
            .iter()
            .map(|(own, _)| own)
            .chain(&class.untyped);
        let detail = format!("`{}.{name}` is an attribute", class.qualified_name);
        attributes
            .any(|own| own == name)
            .then_some((&PROPERTY_USE, Some(detail)))
    })
}

/// A function that raises StopIteration and is called, directly or through others, by this one.
fn stops_below(
    propagation: &Propagation,
    resolver: &Resolver<'_>,
    id: FunctionId,
) -> Option<String> {
    let mut seen: FxHashSet<FunctionId> = FxHashSet::default();
    let mut pending = vec![id];
    while let Some(at) = pending.pop() {
        if !seen.insert(at) {
            continue;
        }
        let function = resolver.function(at)?;
        let may_stop =
            function.stop_iteration || !function.nexts.is_empty() || !function.stops.is_empty();
        if at != id && may_stop {
            return Some(function.qualified_name.clone());
        }
        // Loops catch it, and async functions cannot raise it.
        if function.is_async || function.is_generator {
            continue;
        }
        let facts = propagation.facts.get(&at.file)?;
        for call in facts.calls_in(at.index) {
            if call.is_implicit {
                continue;
            }
            if let Called::Functions(functions) = resolver.called(at.file, &call.callee) {
                pending.extend(functions);
            }
        }
    }
    None
}

/// Where a plain `__iter__` would have to await: the calls in it of functions that become async.
pub(super) fn awaits_in_iter(
    resolver: &Resolver<'_>,
    index: &CallIndex,
    caller: FunctionId,
    callee: FunctionId,
) -> bool {
    resolver.function(caller).is_some_and(is_plain_iter)
        && !resolver
            .family(callee)
            .into_iter()
            .chain(index.peers_of(callee))
            .any(|other| other == caller)
}
