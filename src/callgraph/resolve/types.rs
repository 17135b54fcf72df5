//! The classes that the values of a type may be of.

use rustc_hash::FxHashSet;

use super::super::{Callee, Target, Type, work};
use super::{Busy, ClassId, DEPTH, Kind, Resolved, Resolver};
use crate::unit::{FileId, FunctionId};

/// Classes outside of the project whose `__enter__` gives the instance itself.
const ENTERED_THEMSELVES: &[&str] = &[
    "httpx.BaseTransport",
    "httpx.Client",
    "httpx2.BaseTransport",
    "httpx2.Client",
    "requests.Session",
    "requests.sessions.Session",
];

impl Resolver<'_> {
    /// Whether all classes that a value of this type may be of are known.
    pub fn is_known(&self, file: FileId, type_: &Type) -> bool {
        self.kinds(file, type_).is_some()
    }

    /// The one class of the project that a type names.
    pub fn class_of(&self, file: FileId, type_: &Type) -> Option<ClassId> {
        match self.kinds(file, type_).as_deref() {
            Some([Kind::Class(class)]) => Some(*class),
            _ => None,
        }
    }

    /// The classes of the project that a value of this type may be of; none if it may be of any.
    pub fn classes_of(&self, file: FileId, type_: &Type) -> Vec<ClassId> {
        let kinds = self.kinds(file, type_).unwrap_or_default();
        kinds
            .into_iter()
            .filter_map(|kind| match kind {
                Kind::Class(class) => Some(class),
                Kind::Foreign(_) => None,
            })
            .collect()
    }

    /// Whether a value of this type is of a class outside of the project, or of several.
    pub fn is_foreign(&self, file: FileId, type_: &Type) -> bool {
        let kinds = self.kinds(file, type_);
        kinds.is_some_and(|kinds| kinds.iter().all(|kind| matches!(kind, Kind::Foreign(_))))
    }

    /// The classes that a value of this type may be of, sorted; `None` if it may be of any.
    pub(super) fn kinds(&self, file: FileId, type_: &Type) -> Option<Vec<Kind>> {
        if self.depth.get() >= DEPTH {
            return None;
        }
        // What is found on the way may rest on the limit above.
        let is_kept = self.depth.get() == 0 && type_.is_open();
        let key = (file, self.trusts_callers.get());
        if is_kept
            && let Some(known) = self
                .types
                .borrow()
                .get(&key)
                .and_then(|types| types.get(type_))
        {
            return known.clone();
        }
        self.depth.set(self.depth.get() + 1);
        let found = self.resolve_type(file, type_);
        self.depth.set(self.depth.get() - 1);
        // Nothing but itself leads to it.
        let found = found.filter(|found| self.depth.get() > 0 || !found.is_empty());
        if is_kept {
            let mut types = self.types.borrow_mut();
            types
                .entry(key)
                .or_default()
                .insert(type_.clone(), found.clone());
        }
        found
    }

    fn resolve_type(&self, file: FileId, type_: &Type) -> Option<Vec<Kind>> {
        work::note(1);
        match type_ {
            Type::Class(index) => Some(vec![Kind::Class(ClassId {
                file,
                index: *index,
            })]),
            Type::Path(path) => match self.path_in(file, path) {
                Resolved::Class(class) => Some(vec![Kind::Class(class)]),
                Resolved::Foreign(path) => Some(vec![Kind::Foreign(path)]),
                Resolved::Alias(file, type_) => self.kinds(file, &type_),
                Resolved::Function(_) | Resolved::AttributeOf(..) | Resolved::Unknown => None,
            },
            Type::Returned(callee) => self.returned(file, callee),
            Type::Fixture(name) => self.fixture(file, name),
            Type::Attribute(of, name) => {
                union(self.kinds(file, of)?.into_iter().map(|kind| match kind {
                    Kind::Class(class) => self.attribute(class, name),
                    Kind::Foreign(_) => None,
                }))
            }
            Type::Parameter(function, index) => {
                let function = FunctionId {
                    file,
                    index: *function,
                };
                self.given_by_callers(function, *index)
            }
            Type::Made(path) => self
                .trusts_callers
                .get()
                .then(|| vec![Kind::Foreign(path.clone())]),
            Type::Either(types) => union(types.iter().map(|type_| self.kinds(file, type_))),
        }
    }

    /// What a call gives.
    fn returned(&self, file: FileId, callee: &Callee) -> Option<Vec<Kind>> {
        match callee {
            Callee::Target(target) => match self.target(file, target) {
                Resolved::Class(class) => Some(vec![Kind::Class(class)]),
                Resolved::Function(id) => match self.function(id)?.class {
                    // `pkg.Client.named(...)`
                    Some(index) => {
                        let class = ClassId {
                            file: id.file,
                            index,
                        };
                        self.returned_by_method(class, id)
                    }
                    None => self.own_result(id),
                },
                _ => None,
            },
            Callee::Method { receiver, name }
                if matches!(name.as_str(), "__enter__" | "__aenter__")
                    && let Type::Returned(manager) = receiver
                    && let Some(managers) = self.managers(file, manager) =>
            {
                let entered =
                    |id: FunctionId| self.kinds(id.file, self.function(id)?.enters.as_ref()?);
                union(managers.into_iter().map(entered))
            }
            Callee::Method { receiver, name } => {
                union(self.kinds(file, receiver)?.into_iter().map(|kind| {
                    match kind {
                        Kind::Class(class) => match self.method(class, name) {
                            Some(method) => self.returned_by_method(class, method),
                            // `with Api() as api` of a class that derives from one whose `__enter__` gives `self`.
                            None => (name == "__enter__"
                                && self.derives_only_from(class, ENTERED_THEMSELVES))
                            .then(|| vec![Kind::Class(class)]),
                        },
                        Kind::Foreign(_) => None,
                    }
                }))
            }
            _ => None,
        }
    }

    /// The context managers of `contextlib` that a call may make, if it makes nothing else.
    fn managers(&self, file: FileId, callee: &Callee) -> Option<Vec<FunctionId>> {
        let made = match callee {
            Callee::Target(target) => match self.target(file, target) {
                Resolved::Function(id) => vec![id],
                _ => return None,
            },
            Callee::Method { receiver, name } => {
                let mut methods = Vec::new();
                for kind in self.kinds(file, receiver)? {
                    let Kind::Class(class) = kind else {
                        return None;
                    };
                    let method = self.method(class, name)?;
                    self.wanted.borrow_mut().insert(name.clone());
                    methods.push(method);
                    methods.extend(self.family(method));
                }
                methods
            }
            _ => return None,
        };
        let is_manager = |&id: &FunctionId| self.function(id).is_some_and(|f| f.enters.is_some());
        (!made.is_empty() && made.iter().all(is_manager)).then_some(made)
    }

    /// What a function gives by its own account.
    fn own_result(&self, id: FunctionId) -> Option<Vec<Kind>> {
        self.kinds(id.file, self.function(id)?.result.as_ref()?)
    }

    /// What a method gives for a receiver of this class or one below. Overrides keep to an annotation; without one they
    /// must all say the same.
    fn returned_by_method(&self, class: ClassId, id: FunctionId) -> Option<Vec<Kind>> {
        let function = self.function(id)?;
        let result = self.own_result(id);
        if function.is_annotated || result.is_none() {
            return result;
        }
        self.wanted.borrow_mut().insert(function.name.clone());
        let family = self.family(id);
        if function.returns_self {
            let same = family.iter().all(|&other| {
                self.function(other)
                    .is_some_and(|other| other.returns_self && other.result.is_some())
            });
            return same.then(|| vec![Kind::Class(class)]);
        }
        family
            .into_iter()
            .all(|other| self.own_result(other) == result)
            .then_some(result)
            .flatten()
    }

    /// What an attribute of instances of a class is. What leads round to itself adds nothing.
    pub(super) fn attribute(&self, class: ClassId, name: &str) -> Option<Vec<Kind>> {
        let busy = Busy::Attribute(class, name.to_string());
        self.once(busy, || self.work_out_attribute(class, name))
    }

    fn work_out_attribute(&self, class: ClassId, name: &str) -> Option<Vec<Kind>> {
        if let Some(id) = self.method(class, name) {
            let function = self.function(id)?;
            let is_property = function.decorators.iter().any(|decorator| {
                matches!(&decorator.target, Target::Path(path)
                    if path == "builtins.property" || path == "functools.cached_property")
            });
            return is_property
                .then(|| self.returned_by_method(class, id))
                .flatten();
        }
        let related = self.related(class);
        work::note(related.len());
        let mut found: Vec<Option<Vec<Kind>>> = Vec::new();
        let mut owners: FxHashSet<FileId> = FxHashSet::default();
        for &at in related.iter() {
            let facts = self.class(at)?;
            // It may be set in a base that has not joined.
            for base in &facts.bases {
                self.target(at.file, base);
            }
            if facts.untyped.iter().any(|own| own == name)
                || facts.methods.iter().any(|(own, _)| own == name)
            {
                return None;
            }
            let Some((_, type_)) = facts.attributes.iter().find(|(own, _)| own == name) else {
                continue;
            };
            owners.insert(at.file);
            found.push(self.kinds(at.file, type_));
        }
        if found.is_empty() {
            return None;
        }
        for &(file, stored) in self.stored.get(name).into_iter().flatten() {
            // What the file of the class itself sets on other objects is in its type already.
            if owners.contains(&file) {
                continue;
            }
            let kinds = stored
                .receiver
                .as_ref()
                .and_then(|receiver| self.kinds(file, receiver));
            match kinds {
                None => found.push(None),
                Some(kinds) => {
                    let is_here = kinds
                        .iter()
                        .any(|kind| matches!(kind, Kind::Class(of) if related.contains(of)));
                    if is_here {
                        found.push(self.given(file, &stored.given));
                    }
                }
            }
        }
        union(found)
    }
}

/// The classes that one of several values may be of; `None` if one of them may be of any.
pub(super) fn union(kinds: impl IntoIterator<Item = Option<Vec<Kind>>>) -> Option<Vec<Kind>> {
    let mut all: Vec<Kind> = Vec::new();
    for kinds in kinds {
        all.extend(kinds?);
    }
    all.sort();
    all.dedup();
    Some(all)
}
