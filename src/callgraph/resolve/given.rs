//! What callers give: the classes of parameters without annotation, as far as the calls in sight tell.
//!
//! Nobody can list the callers of a function for sure, so nothing certain may rest on this.

use super::super::{Callee, Decorator, Function, Given, Target, Type};
use super::types::union;
use super::{Busy, Called, ClassId, Kind, Kinds, Resolver};
use crate::semantic::common::is_plain_decorator;
use crate::unit::{FileId, FunctionId};

impl<'f> Resolver<'f> {
    /// The methods that a call on a receiver of unknown class is of, if all that is in sight tells the class; none where it
    /// tells that the object is not of the project.
    pub fn told(&self, file: FileId, callee: &Callee) -> Option<Vec<FunctionId>> {
        let Callee::Method { receiver, name } = callee else {
            return None;
        };
        if self.kinds(file, receiver).is_some() {
            return None;
        }
        self.trusts_callers.set(true);
        let called = self.called(file, callee);
        let kinds = self.kinds(file, receiver);
        self.trusts_callers.set(false);
        match called {
            Called::Functions(functions) => Some(functions),
            Called::Nothing => Some(Vec::new()),
            Called::Member(_) => {
                let has_none = |kind: &Kind| match kind {
                    Kind::Class(class) => self.has_no_method(*class, name),
                    Kind::Foreign(_) => false,
                };
                kinds?.iter().all(has_none).then(Vec::new)
            }
            _ => None,
        }
    }

    /// Whether no class that an object of this one may be of has a method of this name, as far as anything tells.
    fn has_no_method(&self, class: ClassId, name: &str) -> bool {
        let related = self.related(class);
        let mut related = related.iter().copied();
        related.all(|at| self.is_closed(at) && self.method(at, name).is_none())
    }

    /// The classes of the project that a value of this type may be of, as far as anything tells.
    pub fn seen_classes(&self, file: FileId, type_: &Type) -> Vec<ClassId> {
        let parts = match type_ {
            Type::Either(types) => &types[..],
            one => std::slice::from_ref(one),
        };
        self.trusts_callers.set(true);
        let classes = parts
            .iter()
            .filter_map(|part| self.kinds(file, part))
            .flatten()
            .filter_map(|kind| match kind {
                Kind::Class(class) => Some(class),
                Kind::Foreign(_) => None,
            })
            .collect();
        self.trusts_callers.set(false);
        classes
    }

    /// The classes of what a place is given.
    pub(super) fn given(&self, file: FileId, given: &Given) -> Option<Vec<Kind>> {
        match given {
            Given::Type(type_) => self.kinds(file, type_),
            Given::Nothing => Some(Vec::new()),
            Given::Unknown => None,
        }
    }

    /// Resolves something, unless it is being resolved: it adds nothing to itself.
    pub(super) fn once(&self, busy: Busy, work: impl FnOnce() -> Kinds) -> Kinds {
        let key = (busy, self.trusts_callers.get());
        if let Some(known) = self.done.borrow().get(&key) {
            return known.clone();
        }
        if !self.busy.borrow_mut().insert(key.0.clone()) {
            self.rounds.set(self.rounds.get() + 1);
            return Some(Vec::new());
        }
        let before = self.rounds.get();
        let found = work();
        self.busy.borrow_mut().remove(&key.0);
        // What came round to something else that is being resolved may lack a part; what is not known stays so.
        if found.is_none() || self.rounds.get() == before {
            self.done.borrow_mut().insert(key, found.clone());
        }
        found
    }

    /// What the callers in sight give for a parameter.
    pub(super) fn given_by_callers(&self, id: FunctionId, index: u32) -> Option<Vec<Kind>> {
        if !self.trusts_callers.get() {
            return None;
        }
        self.once(Busy::Parameter(id, index), || self.all_given(id, index))
    }

    fn all_given(&self, id: FunctionId, index: u32) -> Option<Vec<Kind>> {
        let function = self.function(id)?;
        let parameter = function.parameters.get(index as usize)?;
        if self.has_other_callers(id, function) {
            return None;
        }
        self.ask_for_callers(id);
        // A call of an overridden method may be one of the override.
        let mut methods = vec![id];
        if !function.name.starts_with("__") {
            methods.extend(self.family(id));
        }
        let mut found: Vec<Option<Vec<Kind>>> = Vec::new();
        for caller in methods.into_iter().flat_map(|id| self.callers(id)) {
            let arguments = &caller.call.arguments;
            if arguments.iter().any(|argument| argument.is_starred) {
                return None;
            }
            let position = (index as usize).checked_sub(usize::from(caller.is_bound));
            let by_position = (!parameter.is_keyword_only)
                .then_some(position)
                .flatten()
                .and_then(|at| arguments.get(at))
                .filter(|argument| argument.keyword.is_none());
            let by_keyword = || {
                arguments.iter().find(|argument| {
                    !parameter.is_positional_only
                        && argument.keyword.as_ref() == Some(&parameter.name)
                })
            };
            found.push(match by_position.or_else(by_keyword) {
                Some(argument) => self.given(caller.file, &argument.given),
                None => self.given(id.file, &parameter.default),
            });
        }
        if found.is_empty() { None } else { union(found) }
    }

    /// Whether code out of sight calls a function: Python itself, a decorator, a base outside of the project, or whoever has
    /// it as a value.
    fn has_other_callers(&self, id: FunctionId, function: &'f Function) -> bool {
        let is_constructor = function.name == "__init__";
        let is_special = function.name.starts_with("__") && function.name.ends_with("__");
        let class = function.class.map(|index| ClassId {
            file: id.file,
            index,
        });
        let is_made_elsewhere = |class: ClassId| {
            let mut below = self.descendants(class).into_iter();
            below.any(|below| self.is_class_used_as_value(below))
        };
        (is_special && !is_constructor)
            || !function.decorators.iter().all(is_plain)
            || self.is_used_as_value(id)
            || class.is_some_and(|class| {
                if is_constructor {
                    is_made_elsewhere(class)
                } else {
                    self.foreign_base(class).is_some()
                        || self.is_called_somewhere(self.stored_name(id, function))
                }
            })
    }

    /// Asks for the files that may call a function, or make an object of its class.
    fn ask_for_callers(&self, id: FunctionId) {
        let Some(function) = self.function(id) else {
            return;
        };
        let mut wanted = self.wanted.borrow_mut();
        wanted.insert(function.name.clone());
        if let Some(index) = function.class
            && function.name == "__init__"
        {
            let class = ClassId {
                file: id.file,
                index,
            };
            wanted.extend(self.names_below(class));
        }
    }
}

/// Decorators that leave a function to its callers in sight.
fn is_plain(decorator: &Decorator) -> bool {
    matches!(&decorator.target, Target::Path(path) if is_plain_decorator(path))
}
