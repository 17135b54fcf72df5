//! Who calls a function, and who has it as a value, as far as that is certain. Only the calls and values of its names are
//! resolved, each name once: most are never asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::names::{last, unmangled};
use super::super::project::Spot;
use super::super::{Call, Callee, Target, ValueKind};
use super::{Called, ClassId, Resolved, Resolver, is_constructor};
use crate::unit::{FileId, FunctionId};

/// A call that is certain.
#[derive(Clone, Copy)]
pub(super) struct Caller<'f> {
    pub(super) file: FileId,
    pub(super) call: &'f Call,
    /// Whether the object is no argument of the call.
    pub(super) is_bound: bool,
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Callers<'f> {
    /// The names whose calls are in `calls`.
    called: RefCell<FxHashSet<String>>,
    /// The calls of each function, in source order.
    calls: RefCell<FxHashMap<FunctionId, BTreeMap<Spot, Caller<'f>>>>,
    /// The names whose values are in `values`.
    valued: RefCell<FxHashSet<String>>,
    /// The functions that are used as values.
    values: RefCell<FxHashSet<FunctionId>>,
    /// The classes that are used as values.
    classes: OnceCell<FxHashSet<ClassId>>,
    /// Whether a method of this name is called on something that is not certain.
    somewhere: RefCell<FxHashMap<String, bool>>,
    /// The other names that functions and classes have at module level.
    renamed: OnceCell<(Names<'f, FunctionId>, Names<'f, ClassId>)>,
}

type Names<'f, T> = FxHashMap<T, Vec<&'f str>>;

impl<'f> Resolver<'f> {
    /// The calls of a function that are certain, in source order.
    pub(super) fn callers(&self, id: FunctionId) -> Vec<Caller<'f>> {
        for name in self.called_as(id) {
            if self.callers.called.borrow_mut().insert(name.clone()) {
                self.note_calls(&name);
            }
        }
        let calls = self.callers.calls.borrow();
        calls
            .get(&id)
            .map_or_else(Vec::new, |calls| calls.values().copied().collect())
    }

    fn note_calls(&self, name: &str) {
        let trusts = self.trusts_callers.replace(false);
        for &(file, number) in self.facts.tables().calls.of(name) {
            let call = &self.facts[&file].calls[number as usize];
            for (id, is_bound) in self.calls_for_sure(file, &call.callee, call.is_unbound) {
                let mut calls = self.callers.calls.borrow_mut();
                let caller = Caller {
                    file,
                    call,
                    is_bound,
                };
                calls.entry(id).or_default().insert((file, number), caller);
            }
        }
        self.trusts_callers.set(trusts);
    }

    /// Whether a function is used as a value for sure.
    pub(super) fn is_used_as_value(&self, id: FunctionId) -> bool {
        for name in self.names(id) {
            if self.callers.valued.borrow_mut().insert(name.clone()) {
                self.note_values(&name);
            }
        }
        self.callers.values.borrow().contains(&id)
    }

    fn note_values(&self, name: &str) {
        let trusts = self.trusts_callers.replace(false);
        for &(file, number) in self.facts.tables().values.of(name) {
            let value = &self.facts[&file].values[number as usize];
            if value.kind != ValueKind::Identity
                && let Called::Functions(found) = self.called(file, &value.callee)
            {
                self.callers.values.borrow_mut().extend(found);
            }
        }
        self.trusts_callers.set(trusts);
    }

    /// Whether a class is used other than by calling it, as a base or to look at an object's class.
    pub(super) fn is_class_used_as_value(&self, class: ClassId) -> bool {
        let classes = self.callers.classes.get_or_init(|| {
            let named = self.facts.iter().flat_map(|(&file, facts)| {
                let classes = facts.classes_as_values.iter();
                classes.map(move |target| (file, target))
            });
            named
                .filter_map(|(file, target)| match self.target(file, target) {
                    Resolved::Class(class) => Some(class),
                    _ => None,
                })
                .collect()
        });
        classes.contains(&class)
    }

    /// Whether a method of this name is called on something that is not certain.
    pub(super) fn is_called_somewhere(&self, name: &str) -> bool {
        if let Some(&known) = self.callers.somewhere.borrow().get(name) {
            return known;
        }
        let trusts = self.trusts_callers.replace(false);
        let mut calls = self.facts.tables().calls.of(name).iter();
        let found = calls.any(|&(file, number)| {
            let callee = &self.facts[&file].calls[number as usize].callee;
            let (Callee::Method { name: own, .. }
            | Callee::Super { name: own, .. }
            | Callee::UnknownMethod { name: own }) = callee
            else {
                return false;
            };
            own == name
                && matches!(
                    self.called(file, callee),
                    Called::Method(_) | Called::Member(_) | Called::Unknown
                )
        });
        self.trusts_callers.set(trusts);
        let mut somewhere = self.callers.somewhere.borrow_mut();
        somewhere.insert(name.to_string(), found);
        found
    }

    /// The names that calls of a function are found by: its own, and for a constructor those of the classes that it makes.
    pub fn called_as(&self, id: FunctionId) -> Vec<String> {
        let mut names = self.names(id);
        if let Some(function) = self.function(id)
            && let Some(index) = function.class
            && is_constructor(&function.name)
        {
            let file = id.file;
            for class in self.descendants(ClassId { file, index }) {
                names.extend(self.names_of_class(class));
            }
        }
        names
    }

    /// The names of a function.
    fn names(&self, id: FunctionId) -> Vec<String> {
        let Some(function) = self.function(id) else {
            return Vec::new();
        };
        let (functions, _) = self.callers.renamed.get_or_init(|| self.all_renamed());
        let others = functions.get(&id).into_iter().flatten().copied();
        let class = function.class.and_then(|index| {
            let file = id.file;
            self.class(ClassId { file, index })
        });
        // A class may have a method under several names: `reload = load`.
        let methods = class
            .into_iter()
            .flat_map(|class| class.methods.iter().chain(&class.overloads));
        let in_class = methods
            .filter(|(_, index)| *index == id.index)
            .map(|(name, _)| name.as_str());
        [function.name.as_str()]
            .into_iter()
            .chain(in_class)
            .chain(others)
            .map(|name| unmangled(name).to_string())
            .collect()
    }

    /// The names of a class.
    fn names_of_class(&self, class: ClassId) -> Vec<String> {
        let (_, classes) = self.callers.renamed.get_or_init(|| self.all_renamed());
        let own = self.class(class).map(|class| last(&class.qualified_name));
        let others = classes.get(&class).into_iter().flatten().copied();
        own.into_iter().chain(others).map(str::to_string).collect()
    }

    fn all_renamed(&self) -> (Names<'f, FunctionId>, Names<'f, ClassId>) {
        let mut functions = Names::default();
        let mut classes = Names::default();
        for &(file, number) in &self.facts.tables().renames {
            let (name, target) = &self.facts[&file].names[number as usize];
            match self.target(file, target) {
                Resolved::Function(id) => functions.entry(id).or_default().push(name.as_str()),
                Resolved::Class(class) => classes.entry(class).or_default().push(name.as_str()),
                _ => {}
            }
        }
        (functions, classes)
    }

    /// The functions that a call is of, each with whether the object is no argument.
    fn calls_for_sure(
        &self,
        file: FileId,
        callee: &Callee,
        is_unbound: bool,
    ) -> Vec<(FunctionId, bool)> {
        match callee {
            Callee::Target(target) => match self.target(file, target) {
                Resolved::Class(class) => self
                    .method(class, "__init__")
                    .into_iter()
                    .map(|id| (id, true))
                    .collect(),
                Resolved::Function(id) => {
                    let is_method = self
                        .function(id)
                        .is_some_and(|function| function.class.is_some());
                    let of_class = self.is_method_of_class(file, target);
                    vec![(id, is_method && self.takes_object(id, of_class))]
                }
                _ => Vec::new(),
            },
            Callee::Method { receiver, .. } if receiver.is_given() => Vec::new(),
            Callee::Method { .. } | Callee::Super { .. } => match self.called(file, callee) {
                Called::Functions(functions) => functions
                    .into_iter()
                    .map(|id| (id, self.takes_object(id, is_unbound)))
                    .collect(),
                _ => Vec::new(),
            },
            Callee::Foreign(_) | Callee::UnknownMethod { .. } | Callee::UnknownValue => Vec::new(),
        }
    }

    /// Whether a path names a method by its class: `module.Class.method`, not `module.instance.method`.
    pub fn is_method_of_class(&self, file: FileId, target: &Target) -> bool {
        let Target::Path(path) = target else {
            return false;
        };
        path.rsplit_once('.').is_some_and(|(of, _)| {
            let of = self.path_in(file, of);
            matches!(of, Resolved::Class(_))
        })
    }

    /// Whether the first parameter of a method is given without an argument, where it is called on its class or not.
    fn takes_object(&self, id: FunctionId, of_class: bool) -> bool {
        let has = |name: &str| {
            self.function(id).is_some_and(|function| {
                function.decorators.iter().any(
                    |decorator| matches!(&decorator.target, Target::Path(path) if path == name),
                )
            })
        };
        if has("builtins.staticmethod") {
            false
        } else {
            !of_class || has("builtins.classmethod")
        }
    }
}
