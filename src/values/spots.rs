//! The places of the project that the spots of one file are: a variable of another module, an attribute of a class, what a
//! function of another file gives.

use std::cell::RefCell;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::key::{Key, Keys};
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver};
use crate::callgraph::values::{Fields, FileValues, Slot, Spot};
use crate::callgraph::{Callee, FileFacts, Function, Target, Usage};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// Finds the places of spots.
pub(super) struct Spots<'l, 'f> {
    pub(super) resolver: &'l Resolver<'f>,
    pub(super) facts: &'f FxHashMap<FileId, FileFacts>,
    pub(super) values: &'l FxHashMap<FileId, FileValues>,
    /// The classes of the project that name a tracked one as their base.
    pub(super) derived: FxHashSet<ClassId>,
    /// Which places rest on what callers give: where that was asked first.
    doubts: RefCell<FxHashMap<Key, (FileId, TextRange)>>,
}

impl<'l, 'f> Spots<'l, 'f> {
    pub(super) fn new(
        resolver: &'l Resolver<'f>,
        facts: &'f FxHashMap<FileId, FileFacts>,
        values: &'l FxHashMap<FileId, FileValues>,
    ) -> Self {
        let derived = values.iter().flat_map(|(&file, values)| {
            let classes = values.derived.iter();
            classes.map(move |&index| ClassId { file, index })
        });
        Self {
            resolver,
            facts,
            values,
            derived: derived
                .filter(|class| facts.contains_key(&class.file))
                .collect(),
            doubts: RefCell::default(),
        }
    }

    /// Where a place rests on what callers give.
    pub(super) fn doubt(&self, key: &Key) -> Option<(FileId, TextRange)> {
        self.doubts.borrow().get(key).copied()
    }

    /// Whether the instances of a class are ones of a tracked class.
    fn is_derived(&self, class: ClassId) -> bool {
        let related = self.resolver.related(class);
        related.iter().any(|related| self.derived.contains(related))
    }

    /// What a function gives to whoever calls it through a framework.
    fn given_by(&self, id: FunctionId) -> Key {
        match self.resolver.function(id) {
            Some(function) if function.is_generator => Key::Yielded(id),
            _ => Key::Returned(id),
        }
    }

    /// The places of a spot of a file.
    pub(super) fn keys(&self, file: FileId, spot: &Spot, range: TextRange) -> Keys {
        match spot {
            Spot::Variable(number) => Keys::Known(vec![Key::Variable(file, *number)]),
            Spot::Made(node) => Keys::Known(vec![Key::Made(file, *node)]),
            Spot::Part(_) => Keys::Nothing,
            Spot::Instance(index) => {
                let class = ClassId {
                    file,
                    index: *index,
                };
                Keys::Known(vec![Key::Instance(class)])
            }
            Spot::Returned(index) => {
                let id = FunctionId {
                    file,
                    index: *index,
                };
                // A decorator may hand out something else.
                if !self.resolver.function(id).is_some_and(is_transparent) {
                    return Keys::Lost;
                }
                Keys::Known(vec![Key::Returned(id)])
            }
            Spot::Yielded(index) => {
                let id = FunctionId {
                    file,
                    index: *index,
                };
                if !self.resolver.function(id).is_some_and(is_transparent) {
                    return Keys::Lost;
                }
                Keys::Known(vec![Key::Yielded(id)])
            }
            Spot::Path(path) => self.path(file, path),
            Spot::Member(None, name) => Keys::Unknown(name.clone()),
            Spot::Member(Some(type_), name) => {
                let mut classes = self.resolver.classes_of(file, type_);
                let mut doubt = false;
                if classes.is_empty() {
                    classes = self.resolver.seen_classes(file, type_);
                    doubt = true;
                }
                if classes.is_empty() {
                    return if self.resolver.is_foreign(file, type_) {
                        Keys::Nothing
                    } else {
                        Keys::Unknown(name.clone())
                    };
                }
                let keys: Vec<Key> = classes
                    .into_iter()
                    .flat_map(|class| self.member(class, name))
                    .collect();
                if doubt {
                    let mut doubts = self.doubts.borrow_mut();
                    for key in &keys {
                        doubts.entry(key.clone()).or_insert((file, range));
                    }
                }
                Keys::Known(keys)
            }
            Spot::Result(call) => self.result(file, *call),
            Spot::Given(call) => match self.result(file, *call) {
                Keys::Nothing => Keys::Known(vec![Key::Given(file, *call)]),
                keys => keys,
            },
            Spot::Iterated(call) => {
                let functions = self.called(file, *call).unwrap_or_default();
                let is_generator = |id: &FunctionId| {
                    self.resolver.function(*id).is_some_and(|function| {
                        function.is_generator && function.context_manager.is_none()
                    })
                };
                let generators = functions.into_iter().filter(is_generator);
                match generators.map(Key::Yielded).collect::<Vec<_>>() {
                    keys if keys.is_empty() => Keys::Nothing,
                    keys => Keys::Known(keys),
                }
            }
            Spot::Entered(call) => match self.called(file, *call) {
                Some(functions) => {
                    let keys: Vec<Key> = functions
                        .into_iter()
                        .filter(|&id| {
                            self.resolver
                                .function(id)
                                .is_some_and(|function| function.context_manager.is_some())
                        })
                        .map(Key::Yielded)
                        .collect();
                    if keys.is_empty() {
                        Keys::Nothing
                    } else {
                        Keys::Known(keys)
                    }
                }
                None => Keys::Nothing,
            },
            Spot::Fixture(name) => {
                let functions = self.resolver.fixture_functions(file, name);
                if functions.is_empty() {
                    return Keys::Nothing;
                }
                Keys::Known(functions.into_iter().map(|id| self.given_by(id)).collect())
            }
            Spot::Provided(target) => match self.resolver.target(file, target) {
                Resolved::Function(id) => Keys::Known(vec![self.given_by(id)]),
                _ => Keys::Nothing,
            },
            Spot::Argument(call, slot) => self.argument(file, *call, slot),
        }
    }

    /// An attribute, and what the properties of this name give and their setters are given: a class of the family may have
    /// either.
    pub(super) fn member(&self, class: ClassId, name: &str) -> Vec<Key> {
        let mut keys = vec![Key::Member(class, name.to_string())];
        for &related in self.resolver.related(class).iter().chain([&class]) {
            if self.resolver.method(related, name).is_none() {
                continue;
            }
            let defined = self.resolver.definitions(related, name);
            let of = |&id: &FunctionId| Some((id, self.resolver.function(id)?));
            if !defined
                .iter()
                .filter_map(of)
                .any(|(_, function)| is_property(function))
            {
                continue;
            }
            for (id, function) in defined.iter().filter_map(of) {
                let key = match &function.parameters[..] {
                    _ if is_property(function) => Key::Returned(id),
                    [_, value] => Key::Variable(id.file, value.variable),
                    _ => continue,
                };
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// A variable of another module, or an attribute of what one holds.
    fn path(&self, file: FileId, path: &str) -> Keys {
        if let Some((owner, name)) = self.resolver.global(file, path) {
            let globals = &self.facts[&owner].globals;
            return match globals.iter().find(|(own, _)| *own == name) {
                Some((_, number)) => Keys::Known(vec![Key::Variable(owner, *number)]),
                None => Keys::Nothing,
            };
        }
        if let Some((head, name)) = path.rsplit_once('.')
            && let Some(class) = self.resolver.class_at(file, head)
        {
            return Keys::Known(self.member(class, name));
        }
        Keys::Nothing
    }

    /// Whether what a generator yields is followed from this call of it.
    pub(super) fn is_advanced(&self, file: FileId, call: NodeId) -> bool {
        let facts = &self.facts[&file];
        facts
            .call_at(call)
            .is_some_and(|call| matches!(facts.calls[call].usage, Usage::Advanced))
    }

    /// The functions of the project that a call calls.
    pub(super) fn called(&self, file: FileId, call: NodeId) -> Option<Vec<FunctionId>> {
        let facts = &self.facts[&file];
        let call = &facts.calls[facts.call_at(call)?];
        match self.resolver.called(file, &call.callee) {
            Called::Functions(functions) => Some(functions),
            _ => self
                .resolver
                .told(file, &call.callee)
                .filter(|found| !found.is_empty()),
        }
    }

    /// The class of the project that a call makes an instance of.
    fn constructed(&self, file: FileId, call: NodeId) -> Option<ClassId> {
        let facts = &self.facts[&file];
        let call = &facts.calls[facts.call_at(call)?];
        let Callee::Target(target) = &call.callee else {
            return None;
        };
        match self.resolver.target(file, target) {
            Resolved::Class(class) => Some(class),
            _ => None,
        }
    }

    fn result(&self, file: FileId, call: NodeId) -> Keys {
        if let Some(class) = self.constructed(file, call) {
            return if self.is_derived(class) {
                Keys::Known(vec![Key::Instance(class)])
            } else {
                Keys::Nothing
            };
        }
        match self.called(file, call) {
            Some(functions) => {
                let keys: Vec<Key> = functions
                    .into_iter()
                    .filter(|&id| {
                        self.resolver.function(id).is_some_and(|function| {
                            !function.is_generator && is_transparent(function)
                        })
                    })
                    .map(Key::Returned)
                    .collect();
                if keys.is_empty() {
                    Keys::Nothing
                } else {
                    Keys::Known(keys)
                }
            }
            None => Keys::Nothing,
        }
    }

    /// The parameters or fields that an argument is given to.
    fn argument(&self, file: FileId, node: NodeId, slot: &Slot) -> Keys {
        let facts = &self.facts[&file];
        let Some(call) = facts.call_at(node).map(|index| &facts.calls[index]) else {
            return Keys::Lost;
        };
        let functions = match self.constructed(file, node) {
            Some(class) => match self.resolver.method(class, "__init__") {
                Some(init) => vec![init],
                None => return self.field(class, slot),
            },
            None => match self.called(file, node) {
                Some(functions) => functions
                    .into_iter()
                    .flat_map(|id| {
                        // Constructors need not agree.
                        let is_special = self
                            .resolver
                            .function(id)
                            .is_some_and(|function| function.name.starts_with("__"));
                        let family = (!is_special).then(|| self.resolver.family(id));
                        family.into_iter().flatten().chain([id])
                    })
                    .collect(),
                None => return self.base(file, &call.callee),
            },
        };
        let mut keys = Vec::new();
        for id in functions {
            let Some(function) = self.resolver.function(id) else {
                return Keys::Lost;
            };
            if !is_transparent(function) {
                return Keys::Lost;
            }
            // The object is no argument, unless the method is called on its class.
            let is_static = has_decorator(function, "builtins.staticmethod");
            let is_class = has_decorator(function, "builtins.classmethod");
            let by_class = call.is_unbound
                || matches!(&call.callee, Callee::Target(target)
                    if self.resolver.is_method_of_class(file, target));
            let has_self = function.class.is_some() && !is_static && (is_class || !by_class);
            let parameter = match slot {
                Slot::Position(position) => function
                    .parameters
                    .get(*position as usize + usize::from(has_self))
                    .filter(|parameter| !parameter.is_keyword_only),
                Slot::Keyword(name) => function
                    .parameters
                    .iter()
                    .find(|parameter| parameter.name == *name && !parameter.is_positional_only),
            };
            match parameter {
                Some(parameter) => keys.push(Key::Variable(id.file, parameter.variable)),
                None => return Keys::Lost,
            }
        }
        if keys.is_empty() {
            return Keys::Lost;
        }
        Keys::Known(keys)
    }

    /// The instance whose constructor a call of `super().__init__` runs: that of a tracked class.
    fn base(&self, file: FileId, callee: &Callee) -> Keys {
        let Callee::Super { class, name } = callee else {
            return Keys::Lost;
        };
        if name != "__init__" {
            return Keys::Lost;
        }
        let class = ClassId {
            file,
            index: *class,
        };
        if self.is_derived(class) {
            Keys::Known(vec![Key::Instance(class)])
        } else {
            Keys::Lost
        }
    }

    /// The field of a dataclass, or of a class whose base writes the constructor.
    fn field(&self, class: ClassId, slot: &Slot) -> Keys {
        // Bases come first, in reverse order; a field that is there already keeps its place.
        let mut fields: Vec<String> = Vec::new();
        let mut bases = self.resolver.ancestors(class);
        bases.reverse();
        let own = bases.into_iter().filter_map(|at| {
            let values = self.values.get(&at.file)?;
            values.fields.iter().find(|fields| fields.class == at.index)
        });
        let own: Vec<&Fields> = own.collect();
        let is_dataclass = own.iter().any(|fields| fields.is_dataclass);
        let counted = own
            .into_iter()
            .filter(|fields| fields.is_dataclass || !is_dataclass);
        for name in counted.flat_map(|fields| &fields.names) {
            if !fields.contains(name) {
                fields.push(name.clone());
            }
        }
        let name = match slot {
            Slot::Position(position) => fields.get(*position as usize).cloned(),
            Slot::Keyword(name) => fields.iter().find(|own| *own == name).cloned(),
        };
        match name {
            Some(name) => Keys::Known(self.member(class, &name)),
            None => Keys::Lost,
        }
    }
}

/// Whether reading the name gives what the function gives.
pub(super) fn is_property(function: &Function) -> bool {
    has_decorator(function, "builtins.property")
        || has_decorator(function, "functools.cached_property")
}

pub(super) fn has_decorator(function: &Function, path: &str) -> bool {
    function
        .decorators
        .iter()
        .any(|decorator| matches!(&decorator.target, Target::Path(own) if own == path))
}

/// Whether its callers' arguments are those of the function: no decorator takes one or adds one.
fn is_transparent(function: &Function) -> bool {
    let mut decorators = function.decorators.iter();
    decorators.all(|decorator| is_transparent_decorator(&decorator.target))
}

/// Whether a decorator leaves the arguments as they are.
pub(super) fn is_transparent_decorator(target: &Target) -> bool {
    matches!(target, Target::Path(path) if matches!(
        path.as_str(),
        "builtins.staticmethod" | "builtins.classmethod" | "builtins.property" | "abc.abstractmethod"
            | "typing.override" | "typing_extensions.override" | "typing.final" | "typing.overload"
            | "contextlib.contextmanager" | "functools.cache" | "functools.cached_property"
            | "functools.lru_cache" | "pytest.fixture" | "pytest_asyncio.fixture"
            | "deprecation.deprecated"
    ))
}
