//! Where the instances of a class go: whether Python can call their special methods out of sight.
//!
//! A class that turns from `__enter__` to `__aenter__` must not have one instance in a `with` that stays. Instances begin
//! where the class is called, and each step after that is a [`Flow`]. As long as every step ends in something whose class
//! is known to be of the family, whoever reads it sees the class as well, and so every `with` over an instance is one that
//! the call graph has. The first step that does not is what forbids the change.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::index::CallIndex;
use super::protocol::{Protocol, is_plain_iter, is_special};
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver};
use crate::callgraph::{Argument, Callee, FileFacts, Flow, Flowing, Function, Sink, Target, Type};
use crate::unit::{FileId, FunctionId};

/// Looks for instances out of sight.
pub(super) struct Escapes<'e, 'f> {
    pub(super) resolver: &'e Resolver<'f>,
    pub(super) index: &'e CallIndex,
    pub(super) facts: &'e FxHashMap<FileId, FileFacts>,
}

/// Where something escapes: its file and 1-based line.
pub(super) type Place = (FileId, u32);

/// The names under which other files get hold of the instances of a method's class: those files must join.
pub(super) fn carriers(
    resolver: &Resolver<'_>,
    facts: &FxHashMap<FileId, FileFacts>,
    id: FunctionId,
    function: &Function,
) -> Vec<String> {
    let Some(index) = function.class.filter(|_| Protocol::of(function).is_some()) else {
        return Vec::new();
    };
    let class = ClassId {
        file: id.file,
        index,
    };
    let family = resolver.related(class);
    let mut names: Vec<String> = family
        .iter()
        .filter_map(|&class| resolver.class(class))
        .filter_map(|class| class.qualified_name.rsplit('.').next())
        .map(str::to_string)
        .collect();
    if Protocol::of(function) == Some(Protocol::Constructor) {
        return names;
    }
    for (&file, facts) in facts {
        for flow in &facts.flows {
            let name = match &flow.sink {
                Sink::Into {
                    name: Some(name), ..
                } => name,
                Sink::Returned(index) => match facts.functions.get(*index as usize) {
                    Some(function) if !is_special(&function.name) => &function.name,
                    _ => continue,
                },
                _ => continue,
            };
            if is_instance(resolver, &family, file, &flow.value) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Whether what flows is an instance of the family.
fn is_instance(
    resolver: &Resolver<'_>,
    family: &BTreeSet<ClassId>,
    file: FileId,
    value: &Flowing,
) -> bool {
    match value {
        Flowing::Instance(type_) => may_be(resolver, family, file, type_),
        Flowing::Class(_) | Flowing::Path(_) => false,
    }
}

/// Whether a value of this type may be an instance of the family.
fn may_be(resolver: &Resolver<'_>, family: &BTreeSet<ClassId>, file: FileId, type_: &Type) -> bool {
    match type_ {
        Type::Either(types) => types
            .iter()
            .any(|type_| may_be(resolver, family, file, type_)),
        _ => resolver
            .class_of(file, type_)
            .is_ok_and(|class| family.contains(&class)),
    }
}

impl Escapes<'_, '_> {
    /// The first place where an instance of the class of this method, or the class itself, goes out of sight.
    pub(super) fn of(&self, id: FunctionId, function: &Function) -> Option<Place> {
        let class = ClassId {
            file: id.file,
            index: function.class?,
        };
        let family = self.resolver.related(class);
        let is_constructor = Protocol::of(function) == Some(Protocol::Constructor);
        if let Some(place) = self.of_classes(&family, !is_constructor) {
            return Some(place);
        }
        let mut files: Vec<FileId> = self.facts.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            for flow in &self.facts[&file].flows {
                if let Some(place) = self.step(&family, function, file, flow) {
                    return Some(place);
                }
            }
        }
        None
    }

    /// Classes that are looked up by name, and methods that lose sight of `self`.
    fn of_classes(&self, family: &BTreeSet<ClassId>, with_instances: bool) -> Option<Place> {
        for &id in family {
            let class = self.resolver.class(id)?;
            let name = class.qualified_name.rsplit('.').next().unwrap_or("");
            let looked_up = [&self.index.taken, &self.index.unresolved, &self.index.asked]
                .into_iter()
                .find_map(|places| places.get(name)?.first().copied());
            if looked_up.is_some() {
                return looked_up;
            }
            let facts = &self.facts[&id.file];
            let methods = class.methods.iter().chain(&class.overloads);
            for (_, index) in methods {
                if let Some(function) = facts.functions.get(*index as usize)
                    && with_instances
                    && !function.tracks_self
                {
                    return Some((id.file, function.line));
                }
            }
            for (&file, facts) in self.facts {
                let lookup = facts.lookups.iter().find(|lookup| {
                    name.starts_with(lookup.prefix.as_str())
                        && match &lookup.of {
                            Some(Type::Path(path)) => self.resolver.is_module(path, id.file),
                            Some(_) => false,
                            None => !lookup.prefix.is_empty(),
                        }
                });
                if let Some(lookup) = lookup {
                    return Some((file, lookup.line));
                }
            }
        }
        None
    }

    /// Where one step leads out of sight.
    fn step(
        &self,
        family: &BTreeSet<ClassId>,
        method: &Function,
        file: FileId,
        flow: &Flow,
    ) -> Option<Place> {
        let here = Some((file, flow.line));
        let is_constructor = Protocol::of(method) == Some(Protocol::Constructor);
        match &flow.value {
            Flowing::Instance(type_) => {
                if !may_be(self.resolver, family, file, type_) {
                    return None;
                }
            }
            Flowing::Class(index) => {
                let class = ClassId {
                    file,
                    index: *index,
                };
                return family.contains(&class).then_some(here).flatten();
            }
            Flowing::Path(path) => {
                match self.resolver.target(file, &Target::Path(path.clone())) {
                    Resolved::Class(class) => {
                        return family.contains(&class).then_some(here).flatten();
                    }
                    Resolved::Function(_) | Resolved::AttributeOf(..) | Resolved::Foreign(_) => {
                        return None;
                    }
                    Resolved::Unknown => {}
                }
                // A variable: its class tells by its method.
                let member = Target::Path(format!("{path}.{}", method.name));
                match self.resolver.target(file, &member) {
                    Resolved::Function(id) => {
                        let class = self.resolver.function(id)?.class?;
                        let class = ClassId {
                            file: id.file,
                            index: class,
                        };
                        if !family.contains(&class) {
                            return None;
                        }
                    }
                    _ => return None,
                }
            }
        }
        // Where an instance is counts for nothing, once it is made.
        if is_constructor && flow.sink != Sink::Class {
            return None;
        }
        let stays = match &flow.sink {
            Sink::Escapes | Sink::Class => false,
            Sink::Iterated => Protocol::of(method) != Some(Protocol::Iterator),
            Sink::Into { types, name } => {
                types.iter().all(|type_| self.is_of(family, file, type_))
                    && name.as_ref().is_none_or(|name| {
                        let place = self.index.unknown_receivers(name).first();
                        place.is_none()
                    })
            }
            Sink::Parameter { callee, at } => self.takes(family, file, callee, at),
            Sink::Returned(index) => {
                let id = FunctionId {
                    file,
                    index: *index,
                };
                return match self.gives(family, id) {
                    Ok(()) => None,
                    Err(place) => place.or(here),
                };
            }
        };
        if stays { None } else { here }
    }

    fn is_of(&self, family: &BTreeSet<ClassId>, file: FileId, type_: &Type) -> bool {
        self.resolver
            .class_of(file, type_)
            .is_ok_and(|class| family.contains(&class))
    }

    /// Whether a parameter holds nothing but instances of the family, whatever is called.
    fn takes(
        &self,
        family: &BTreeSet<ClassId>,
        file: FileId,
        callee: &Callee,
        at: &Argument,
    ) -> bool {
        let functions = match callee {
            Callee::Target(target) => match self.resolver.target(file, target) {
                Resolved::Class(class) => match self.resolver.method(class, "__init__") {
                    Some(init) => vec![init],
                    None => return false,
                },
                Resolved::Function(id) => {
                    // `module.Class.method(...)` or `module.variable.method(...)`: who can tell.
                    if self
                        .resolver
                        .function(id)
                        .is_none_or(|function| function.class.is_some())
                    {
                        return false;
                    }
                    vec![id]
                }
                _ => return false,
            },
            _ => match self.resolver.called(file, callee) {
                Called::Functions(functions) if !functions.is_empty() => functions,
                _ => return false,
            },
        };
        functions.into_iter().all(|id| {
            std::iter::once(id)
                .chain(
                    self.resolver
                        .family(id)
                        .into_iter()
                        .filter(|_| !self.is_constructor(id)),
                )
                .all(|id| self.has_parameter(family, id, at))
        })
    }

    fn is_constructor(&self, id: FunctionId) -> bool {
        self.resolver
            .function(id)
            .is_some_and(|function| function.name == "__init__")
    }

    fn has_parameter(&self, family: &BTreeSet<ClassId>, id: FunctionId, at: &Argument) -> bool {
        let Some(function) = self.resolver.function(id) else {
            return false;
        };
        // A decorator may take the argument first.
        let is_plain = function.decorators.iter().all(|decorator| {
            matches!(&decorator.target, Target::Path(path) if matches!(
                path.as_str(),
                "builtins.staticmethod" | "builtins.classmethod" | "abc.abstractmethod"
                    | "typing.override" | "typing_extensions.override" | "typing.final"
                    | "contextlib.contextmanager"
            ))
        });
        let is_static = function.decorators.iter().any(|decorator| {
            matches!(&decorator.target, Target::Path(path) if path == "builtins.staticmethod")
        });
        let parameter = match at {
            Argument::Position(position) => {
                let own = u32::from(function.class.is_some() && !is_static);
                function
                    .parameters
                    .get((position + own) as usize)
                    .filter(|parameter| !parameter.is_keyword_only)
            }
            Argument::Keyword(name) => function
                .parameters
                .iter()
                .find(|parameter| parameter.name == *name),
        };
        is_plain
            && parameter
                .and_then(|parameter| parameter.type_.as_ref())
                .is_some_and(|type_| self.is_of(family, id.file, type_))
    }

    /// Whether every caller of a function sees that it gives an instance of the family; else the place that does not.
    fn gives(&self, family: &BTreeSet<ClassId>, id: FunctionId) -> Result<(), Option<Place>> {
        let function = self.resolver.function(id).ok_or(None)?;
        // The loop that asks for it keeps it.
        if is_plain_iter(function) && function.returns_self {
            return Ok(());
        }
        let result = function.result.as_ref().ok_or(None)?;
        let is_entered = function.name == "__enter__";
        if function.is_generator
            || function.is_lambda
            || is_special(&function.name) && !is_entered
            || !self.is_of(family, id.file, result)
        {
            return Err(None);
        }
        let is_property = function.decorators.iter().any(|decorator| {
            matches!(&decorator.target, Target::Path(path)
                if path == "builtins.property" || path == "functools.cached_property")
        });
        if let Some(&place) = self.index.values_of(id).first().filter(|_| !is_property) {
            return Err(Some(place));
        }
        if function.class.is_some() {
            if is_property && !function.is_annotated {
                return Err(None);
            }
            let name = self.resolver.stored_name(id, function);
            if let Some(&place) = self.index.unknown_receivers(name).first() {
                return Err(Some(place));
            }
            // An override that says something else leaves the callers with nothing.
            for member in std::iter::once(id).chain(self.resolver.family(id)) {
                let Some(index) = self
                    .resolver
                    .function(member)
                    .and_then(|member| member.class)
                else {
                    return Err(None);
                };
                let called = Type::Returned(Box::new(Callee::Method {
                    receiver: Type::Class(index),
                    name: name.to_string(),
                }));
                if !is_property && !self.is_of(family, member.file, &called) {
                    return Err(None);
                }
            }
        } else {
            let places = [&self.index.unresolved, &self.index.taken]
                .into_iter()
                .find_map(|places| places.get(&function.name)?.first().copied());
            if places.is_some() {
                return Err(places);
            }
        }
        // Nobody in sight calls it: whoever does expects what it was. What the class itself offers comes with the class.
        let is_own = function.class.is_some_and(|index| {
            family.contains(&ClassId {
                file: id.file,
                index,
            })
        });
        if self.index.calls_of(id).is_empty() && !is_property && !is_own {
            return Err(None);
        }
        Ok(())
    }
}
