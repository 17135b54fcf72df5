//! Where the instances of a class go: whether Python can call their special methods out of sight.
//!
//! A class that turns from `__enter__` to `__aenter__` must not have one instance in a `with` that stays. Instances begin
//! where the class is called, and each step after that is a [`Flow`]. As long as every step ends in something whose class
//! is known to be of the family, whoever reads it sees the class as well, and so every `with` over an instance is one that
//! the call graph has. The first step that does not is what forbids the change.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::CallIndex;
use super::protocol::{Protocol, is_plain_iter, is_special};
use crate::callgraph::project::{ProjectFacts, Spot};
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver};
use crate::callgraph::work;
use crate::callgraph::{Argument, Callee, FileFacts, Flow, Flowing, Function, Sink, Target, Type};
use crate::semantic::common::is_common_method;
use crate::unit::{FileId, FunctionId};

/// Steps by class, each by its file and number.
type Steps = FxHashMap<ClassId, Vec<(FileId, usize)>>;

/// Looks for instances out of sight.
pub(super) struct Escapes<'e, 'f> {
    resolver: &'e Resolver<'f>,
    index: &'e CallIndex,
    facts: &'e ProjectFacts,
    /// The steps of the instances of each class, and of each class itself, in order: by file and number.
    of_class: Steps,
    /// The steps of variables of other files, whose class only a method of it tells.
    of_variables: Vec<(FileId, usize)>,
    /// Those by the name of a method and the class that has it.
    by_method: RefCell<FxHashMap<String, Steps>>,
    /// The files that look members up by made names, in order.
    with_lookups: Vec<FileId>,
    /// The classes that one question has come to: their instances are looked at once.
    seen: RefCell<FxHashSet<ClassId>>,
}

/// Where something escapes: its file and 1-based line.
pub(super) type Place = (FileId, u32);

/// The names under which other files get hold of instances: those files must join.
pub(super) struct Carriers<'c, 'f> {
    resolver: &'c Resolver<'f>,
    facts: &'c ProjectFacts,
    /// The flows that carry the instances of each class under a name.
    of_class: OnceCell<FxHashMap<ClassId, Vec<Spot>>>,
}

impl<'c, 'f> Carriers<'c, 'f> {
    pub(super) fn new(resolver: &'c Resolver<'f>, facts: &'c ProjectFacts) -> Self {
        Self {
            resolver,
            facts,
            of_class: OnceCell::new(),
        }
    }

    /// Those of the instances of a method's class.
    pub(super) fn of(&self, id: FunctionId, function: &Function) -> Vec<String> {
        let Some(index) = function.class else {
            return Vec::new();
        };
        let class = ClassId {
            file: id.file,
            index,
        };
        let family = self.resolver.related(class);
        let mut names: Vec<String> = family
            .iter()
            .filter_map(|&class| self.resolver.class(class))
            .filter_map(|class| class.qualified_name.rsplit('.').next())
            .map(str::to_string)
            .collect();
        // Who makes an object hands it over as well, unless the name says that anybody might call it.
        let is_plain = Protocol::of(function).is_none() && !is_common_method(&function.name);
        if is_plain || Protocol::of(function) == Some(Protocol::Constructor) {
            return names;
        }
        let of_class = self.of_class.get_or_init(|| self.carried());
        let flows = family.iter().filter_map(|class| of_class.get(class));
        for (file, number) in flows.flatten() {
            let facts = &self.facts[file];
            let name = carrier(facts, &facts.flows[*number as usize]);
            names.extend(name.map(str::to_string));
        }
        names
    }

    fn carried(&self) -> FxHashMap<ClassId, Vec<Spot>> {
        let mut of_class: FxHashMap<ClassId, Vec<Spot>> = FxHashMap::default();
        for (&file, facts) in self.facts {
            for (number, flow) in facts.flows.iter().enumerate() {
                if let Flowing::Instance(type_) = &flow.value
                    && carrier(facts, flow).is_some()
                {
                    let mut classes = Vec::new();
                    classes_of(self.resolver, file, type_, &mut classes);
                    for class in classes {
                        let flows = of_class.entry(class).or_default();
                        flows.push((file, number as u32));
                    }
                }
            }
        }
        of_class
    }
}

/// The name under which other files get hold of what flows.
fn carrier<'f>(facts: &'f FileFacts, flow: &'f Flow) -> Option<&'f str> {
    match &flow.sink {
        Sink::Into { name, .. } => name.as_deref(),
        Sink::Returned(index) => {
            let function = facts.functions.get(*index as usize)?;
            (!is_special(&function.name)).then_some(function.name.as_str())
        }
        _ => None,
    }
}

/// The classes that a value of this type may be of.
fn classes_of(resolver: &Resolver<'_>, file: FileId, type_: &Type, classes: &mut Vec<ClassId>) {
    match type_ {
        Type::Either(types) => {
            for type_ in types {
                classes_of(resolver, file, type_, classes);
            }
        }
        _ => classes.extend(resolver.classes_of(file, type_)),
    }
}

/// Whether a value of this type may be an instance of the family.
fn may_be(resolver: &Resolver<'_>, family: &BTreeSet<ClassId>, file: FileId, type_: &Type) -> bool {
    match type_ {
        Type::Either(types) => types
            .iter()
            .any(|type_| may_be(resolver, family, file, type_)),
        _ => resolver
            .classes_of(file, type_)
            .iter()
            .any(|class| family.contains(class)),
    }
}

impl<'e, 'f> Escapes<'e, 'f> {
    pub(super) fn new(
        resolver: &'e Resolver<'f>,
        index: &'e CallIndex,
        facts: &'e ProjectFacts,
    ) -> Self {
        let mut files: Vec<FileId> = facts.keys().copied().collect();
        files.sort_unstable();
        let mut of_class: FxHashMap<ClassId, Vec<(FileId, usize)>> = FxHashMap::default();
        let mut of_variables = Vec::new();
        let mut with_lookups = facts.tables().with_lookups.clone();
        with_lookups.sort_unstable();
        for file in files {
            for (number, flow) in facts[&file].flows.iter().enumerate() {
                let mut classes = Vec::new();
                match &flow.value {
                    Flowing::Instance(type_) => classes_of(resolver, file, type_, &mut classes),
                    &Flowing::Class(index) => classes.push(ClassId { file, index }),
                    Flowing::Path(path) => {
                        match resolver.target(file, &Target::Path(path.clone())) {
                            Resolved::Class(class) => classes.push(class),
                            Resolved::Alias(..) | Resolved::Unknown => {
                                of_variables.push((file, number));
                            }
                            Resolved::Function(_)
                            | Resolved::AttributeOf(..)
                            | Resolved::Foreign(_) => {}
                        }
                    }
                }
                classes.sort_unstable();
                classes.dedup();
                for class in classes {
                    of_class.entry(class).or_default().push((file, number));
                }
            }
        }
        Self {
            resolver,
            index,
            facts,
            of_class,
            of_variables,
            by_method: RefCell::default(),
            with_lookups,
            seen: RefCell::default(),
        }
    }

    /// The first place where an instance of the class of this method, or the class itself, goes out of sight.
    pub(super) fn of(&self, id: FunctionId, function: &Function) -> Option<Place> {
        self.seen.borrow_mut().clear();
        self.of_next(id, function)
    }

    /// The same on the way to an answer: what has been looked at needs no second look, since the first place ends it.
    fn of_next(&self, id: FunctionId, function: &Function) -> Option<Place> {
        let class = ClassId {
            file: id.file,
            index: function.class?,
        };
        let family = self.resolver.related(class);
        self.seen.borrow_mut().extend(family.iter());
        let is_constructor = Protocol::of(function) == Some(Protocol::Constructor);
        if let Some(place) = self.of_classes(&family, !is_constructor) {
            return Some(place);
        }
        let of_family = family.iter().filter_map(|class| self.of_class.get(class));
        let mut steps: Vec<(FileId, usize)> = of_family.flatten().copied().collect();
        self.add_variables(&family, &function.name, &mut steps);
        steps.sort_unstable();
        steps.dedup();
        work::note(steps.len());
        steps.into_iter().find_map(|(file, number)| {
            let flow = &self.facts[&file].flows[number];
            self.step(&family, function, file, flow)
        })
    }

    /// Adds the steps of the variables whose class, one of these, a method of this name tells.
    fn add_variables(
        &self,
        family: &BTreeSet<ClassId>,
        method: &str,
        steps: &mut Vec<(FileId, usize)>,
    ) {
        let mut by_method = self.by_method.borrow_mut();
        if !by_method.contains_key(method) {
            let mut of_class: FxHashMap<ClassId, Vec<(FileId, usize)>> = FxHashMap::default();
            for &(file, number) in &self.of_variables {
                if let Flowing::Path(path) = &self.facts[&file].flows[number].value
                    && let Some(class) = self.class_with(file, path, method)
                {
                    of_class.entry(class).or_default().push((file, number));
                }
            }
            by_method.insert(method.to_string(), of_class);
        }
        let of_class = &by_method[method];
        let own = family.iter().filter_map(|class| of_class.get(class));
        steps.extend(own.flatten());
    }

    /// The class of the variable that a path names, which its method of this name tells.
    fn class_with(&self, file: FileId, path: &str, method: &str) -> Option<ClassId> {
        let member = Target::Path(format!("{path}.{method}"));
        let Resolved::Function(id) = self.resolver.target(file, &member) else {
            return None;
        };
        let index = self.resolver.function(id)?.class?;
        let file = id.file;
        Some(ClassId { file, index })
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
            for &file in &self.with_lookups {
                let facts = &self.facts[&file];
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
                    Resolved::Alias(..) | Resolved::Unknown => {}
                }
                // A variable: its class tells by its method.
                let class = self.class_with(file, path, &method.name)?;
                if !family.contains(&class) {
                    return None;
                }
            }
        }
        // Where an instance is counts for nothing, once it is made.
        if is_constructor && flow.sink != Sink::Class {
            return None;
        }
        let stays = match &flow.sink {
            Sink::Escapes | Sink::Class => false,
            Sink::Iterated => match Protocol::of(method) {
                Some(protocol) => protocol != Protocol::Iterator,
                // `dict` asks for the keys.
                None => false,
            },
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
                let of_protocol = Protocol::of(method).is_some();
                return match self.gives(family, id, of_protocol) {
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
            .is_some_and(|class| family.contains(&class))
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
                    // `module.Class.method(client, ...)`: the receiver is an argument.
                    if self.resolver.is_method_of_class(file, target) {
                        return self.has_parameter(family, id, at, true);
                    }
                    // `module.variable.method(...)`: who can tell.
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
                .all(|id| self.has_parameter(family, id, at, false))
        })
    }

    fn is_constructor(&self, id: FunctionId) -> bool {
        self.resolver
            .function(id)
            .is_some_and(|function| function.name == "__init__")
    }

    fn has_parameter(
        &self,
        family: &BTreeSet<ClassId>,
        id: FunctionId,
        at: &Argument,
        is_unbound: bool,
    ) -> bool {
        let Some(function) = self.resolver.function(id) else {
            return false;
        };
        // `Base.__init__(self, ...)`: it is the `self` there, and every use of that is looked at.
        if is_unbound && *at == Argument::Position(0) {
            let is_own = function.class.is_some_and(|index| {
                family.contains(&ClassId {
                    file: id.file,
                    index,
                })
            });
            return is_own && function.decorators.is_empty();
        }
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
                let own = u32::from(function.class.is_some() && !is_static && !is_unbound);
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

    /// Whether a function that nothing in sight calls is one that only the users of a library call: else the place from
    /// where others get hold of its object.
    fn only_users_call(&self, id: FunctionId, function: &Function) -> Result<(), Option<Place>> {
        let Some(index) = function.class else {
            return if is_common_method(&function.name) {
                Err(None)
            } else {
                Ok(())
            };
        };
        let class = ClassId {
            file: id.file,
            index,
        };
        if self.resolver.foreign_base(class).is_some() {
            return Err(None);
        }
        if !is_common_method(&function.name) || self.seen.borrow().contains(&class) {
            return Ok(());
        }
        match self.of_next(id, function) {
            Some(place) => Err(Some(place)),
            None => Ok(()),
        }
    }

    /// Whether whoever gets a value of this type sees what it is: of the family, or for a plain method one of several
    /// classes.
    fn is_seen(
        &self,
        family: &BTreeSet<ClassId>,
        file: FileId,
        type_: &Type,
        of_protocol: bool,
    ) -> bool {
        if of_protocol {
            self.is_of(family, file, type_)
        } else {
            self.resolver.is_known(file, type_)
        }
    }

    /// Whether every caller of a function sees that it gives an instance of the family; else the place that does not. What
    /// only the users of a library call hands it to nobody else than them.
    fn gives(
        &self,
        family: &BTreeSet<ClassId>,
        id: FunctionId,
        of_protocol: bool,
    ) -> Result<(), Option<Place>> {
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
            || !self.is_seen(family, id.file, result, of_protocol)
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
            // Nobody calls a method of what goes nowhere.
            let mut unknown = self.index.unknown_receivers(name).iter();
            if let Some(place) = unknown.find(|place| !place.is_dropped) {
                return Err(Some((place.file, place.line)));
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
                if !is_property && !self.is_seen(family, member.file, &called, of_protocol) {
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
            if of_protocol {
                return Err(None);
            }
            self.only_users_call(id, function)?;
        }
        Ok(())
    }
}
