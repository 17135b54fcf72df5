//! Joins the facts of all files: which function a call calls, which methods override which.
//!
//! Files join on demand. A path that leads into a module whose facts are not there yet is remembered in
//! [`Resolver::missing`], and the caller asks again when they are.

mod bases;
mod callers;
mod fixtures;
mod given;
mod types;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use self::callers::Callers;
use super::arity::Given;
use super::project::ProjectFacts;
use super::work;
use super::{Callee, Class, Decorating, FileFacts, Function, Stored, Target, Type};
use crate::index::{OtherName, Project};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A class of the project: its file, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId {
    /// The file.
    pub file: FileId,
    /// Its number in [`FileFacts::classes`].
    pub index: u32,
}

/// Stands for a base whose name says nothing.
pub const UNKNOWN_BASE: &str = "an unknown base";

/// What a name is, over the whole project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A function of the project.
    Function(FunctionId),
    /// A class of the project.
    Class(ClassId),
    /// An attribute of a function of the project (`send.delay`), and its name: a use of it as a value.
    AttributeOf(FunctionId, String),
    /// Something outside of the project, by its path.
    Foreign(String),
    /// Another name of a type, in this file.
    Alias(FileId, Type),
    /// Cannot be told.
    Unknown,
}

/// One class that a value may be of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Of the project.
    Class(ClassId),
    /// Outside of it, by its path.
    Foreign(String),
}

/// The classes that a value may be of; `None` if it may be of any.
type Kinds = Option<Vec<Kind>>;

/// What a call may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// Exactly these functions of the project: a function, or the methods that a receiver of this class may have.
    Functions(Vec<FunctionId>),
    /// A method of this name of some object of which nothing is known.
    Method(String),
    /// A member of this name of an object whose class is known, and has no such method in sight.
    Member(String),
    /// Something of this name in a module of the project that was not found, or that does not bind it plainly.
    Unresolved(String),
    /// Something that a function of the project carries, by its name: the function is used as a value.
    AttributeOf(FunctionId, String),
    /// Nothing that a migration changes: a class, a foreign function.
    Nothing,
    /// Anything.
    Unknown,
}

/// The class tree and the names of a project, as far as its files have joined.
pub struct Resolver<'f> {
    project: &'f Project,
    facts: &'f ProjectFacts,
    /// The resolved bases of each class; `None` stands for a base that is not of the project or not known.
    bases: FxHashMap<ClassId, Vec<Option<ClassId>>>,
    /// The direct subclasses of each class.
    subclasses: FxHashMap<ClassId, Vec<ClassId>>,
    /// Paths of foreign bases, for the reasons.
    foreign_bases: FxHashMap<ClassId, Vec<String>>,
    /// The methods, of any class, whose name a method of a protocol of the project has, in order.
    protocol_methods: FxHashMap<&'f str, Vec<FunctionId>>,
    /// The classes that are protocols.
    protocols: FxHashSet<ClassId>,
    missing: RefCell<BTreeSet<FileId>>,
    /// The methods whose overrides must be known.
    wanted: RefCell<BTreeSet<String>>,
    /// How many types are being resolved, one for the sake of the other.
    depth: Cell<u32>,
    /// The types that took more than one step, with and without trust.
    types: RefCell<FxHashMap<(FileId, bool), FxHashMap<Type, Kinds>>>,
    /// What paths name that were asked for, where that is certain.
    paths: RefCell<FxHashMap<Box<str>, Resolved>>,
    /// Whether all classes know their bases.
    is_ready: bool,
    /// The classes whose methods an object of a class may have, in the order in which they are looked up.
    orders: RefCell<FxHashMap<ClassId, Arc<[ClassId]>>>,
    /// See [`Self::related`].
    relatives: RefCell<FxHashMap<ClassId, Arc<BTreeSet<ClassId>>>>,
    /// The classes that derive from a class outside of the project, by its path.
    foreign_subclasses: FxHashMap<String, Vec<ClassId>>,
    /// See [`Self::is_part_of_case`].
    cases: RefCell<FxHashMap<ClassId, bool>>,
    /// See [`Self::methods_below`].
    below: RefCell<FxHashMap<ClassId, FxHashMap<String, Vec<FunctionId>>>>,
    /// See [`Self::is_overridden`].
    overridden: RefCell<FxHashMap<String, FxHashMap<String, bool>>>,
    /// Where attributes of this name are set on anything but `self`.
    stored: FxHashMap<&'f str, Vec<(FileId, &'f Stored)>>,
    /// Whether what callers give is trusted.
    trusts_callers: Cell<bool>,
    /// The attributes and parameters that are being resolved.
    busy: RefCell<FxHashSet<Busy>>,
    /// Those that were resolved to the end, with and without trust.
    done: RefCell<FxHashMap<(Busy, bool), Kinds>>,
    /// How often something led round to itself.
    rounds: Cell<u32>,
    /// Who calls what, as far as it was asked for.
    callers: Callers<'f>,
}

/// What is being resolved: the guard against endless recursion.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Busy {
    Attribute(ClassId, String),
    Parameter(FunctionId, u32),
}

/// How many types are resolved, one for the sake of the other.
const DEPTH: u32 = 24;

impl<'f> Resolver<'f> {
    /// A resolver over these facts.
    /// `wanted` are the names of the functions that matter: only for classes with such a method, and for what they derive
    /// from, are bases in modules that have not joined asked for.
    pub fn new(project: &'f Project, facts: &'f ProjectFacts, wanted: &FxHashSet<String>) -> Self {
        let mut resolver = Self {
            project,
            facts,
            bases: FxHashMap::default(),
            subclasses: FxHashMap::default(),
            foreign_bases: FxHashMap::default(),
            protocol_methods: FxHashMap::default(),
            protocols: FxHashSet::default(),
            missing: RefCell::new(BTreeSet::new()),
            wanted: RefCell::new(BTreeSet::new()),
            depth: Cell::new(0),
            types: RefCell::default(),
            paths: RefCell::default(),
            is_ready: false,
            orders: RefCell::default(),
            relatives: RefCell::default(),
            foreign_subclasses: FxHashMap::default(),
            cases: RefCell::default(),
            below: RefCell::default(),
            overridden: RefCell::default(),
            stored: FxHashMap::default(),
            trusts_callers: Cell::new(false),
            busy: RefCell::new(FxHashSet::default()),
            done: RefCell::new(FxHashMap::default()),
            rounds: Cell::new(0),
            callers: Callers::default(),
        };
        let mut files: Vec<FileId> = facts.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            for stored in &facts[&file].stored_elsewhere {
                let places = resolver.stored.entry(&stored.name).or_default();
                places.push((file, stored));
            }
            for (index, class) in facts[&file].classes.iter().enumerate() {
                let id = ClassId {
                    file,
                    index: index as u32,
                };
                let mut bases = Vec::with_capacity(class.bases.len());
                for base in &class.bases {
                    match resolver.target(file, base) {
                        Resolved::Class(base) => {
                            resolver.subclasses.entry(base).or_default().push(id);
                            bases.push(Some(base));
                        }
                        Resolved::Foreign(path) => {
                            resolver.foreign_bases.entry(id).or_default().push(path);
                            bases.push(None);
                        }
                        Resolved::Function(_)
                        | Resolved::AttributeOf(..)
                        | Resolved::Alias(..)
                        | Resolved::Unknown => {
                            resolver
                                .foreign_bases
                                .entry(id)
                                .or_default()
                                .push(UNKNOWN_BASE.to_string());
                            bases.push(None);
                        }
                    }
                }
                let is_protocol = |path: &String| path.ends_with(".Protocol");
                if resolver
                    .foreign_bases
                    .get(&id)
                    .is_some_and(|bases| bases.iter().any(is_protocol))
                {
                    // A constructor is called on its own class, never through the protocol.
                    let names = class
                        .methods
                        .iter()
                        .map(|(name, _)| (name.as_str(), Vec::new()))
                        .filter(|(name, _)| !is_constructor(name));
                    resolver.protocol_methods.extend(names);
                    resolver.protocols.insert(id);
                }
                resolver.bases.insert(id, bases);
            }
        }
        for (&class, bases) in &resolver.foreign_bases {
            for base in bases {
                let same = match resolver.foreign_subclasses.get_mut(base) {
                    Some(same) => same,
                    None => resolver.foreign_subclasses.entry(base.clone()).or_default(),
                };
                same.push(class);
            }
        }
        resolver.note_protocol_methods();
        // What was found before all classes were there may lack bases.
        resolver.is_ready = true;
        resolver.types.borrow_mut().clear();
        resolver.paths.borrow_mut().clear();
        resolver.done.borrow_mut().clear();
        resolver.wanted.borrow_mut().clear();
        resolver.missing.borrow_mut().clear();
        resolver.ask_for_bases(wanted);
        resolver
    }

    /// Fills in the methods that may stand behind a protocol's.
    fn note_protocol_methods(&mut self) {
        if self.protocol_methods.is_empty() {
            return;
        }
        for (&file, facts) in self.facts.iter() {
            for (index, function) in facts.functions.iter().enumerate() {
                if function.class.is_some()
                    && let Some(methods) = self.protocol_methods.get_mut(function.name.as_str())
                {
                    let index = index as u32;
                    methods.push(FunctionId { file, index });
                }
            }
        }
        for methods in self.protocol_methods.values_mut() {
            methods.sort_unstable();
        }
    }

    /// Asks for the modules of the bases that matter.
    fn ask_for_bases(&self, wanted: &FxHashSet<String>) {
        let mut seen: FxHashSet<ClassId> = FxHashSet::default();
        let methods = &self.facts.tables().methods;
        let mut pending: Vec<ClassId> = wanted
            .iter()
            .filter_map(|name| methods.get(name.as_str()))
            .flat_map(|owners| owners.keys().copied())
            .collect();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(class) = self.class(id) else {
                continue;
            };
            for base in &class.bases {
                if let Resolved::Class(base) = self.target(id.file, base) {
                    pending.push(base);
                }
            }
        }
    }

    /// The modules that were asked for and have not joined.
    pub fn missing(&self) -> Vec<FileId> {
        self.missing.borrow().iter().copied().collect()
    }

    /// The names of methods whose overrides say what a call gives: files that hold them should join.
    pub fn wanted(&self) -> Vec<String> {
        self.wanted.borrow().iter().cloned().collect()
    }

    /// The module-level names of functions that are not their own: `again = fetch`, `from store import load as fetch`.
    pub fn renamed(&self) -> Vec<(FunctionId, FileId, &'f str)> {
        let mut renamed = Vec::new();
        for &(file, number) in &self.facts.tables().renames {
            let (name, target) = &self.facts[&file].names[number as usize];
            if let Resolved::Function(id) = self.target(file, target)
                && self
                    .function(id)
                    .is_some_and(|function| function.name != *name)
            {
                renamed.push((id, file, name.as_str()));
            }
        }
        renamed.sort_unstable();
        renamed
    }

    /// The name of a file, for people.
    pub fn file_name(&self, file: FileId) -> &'f str {
        &self.project.file(file).name
    }

    /// A function's facts.
    pub fn function(&self, id: FunctionId) -> Option<&'f Function> {
        self.facts.get(&id.file)?.functions.get(id.index as usize)
    }

    /// What a function does with the functions that it decorates, if that can be followed.
    pub fn decorating(&self, id: FunctionId) -> Option<&'f Decorating> {
        self.facts.get(&id.file)?.decorating.get(&id.index)
    }

    /// A call's facts.
    pub fn call(&self, file: FileId, index: usize) -> Option<&'f super::Call> {
        self.facts.get(&file)?.calls.get(index)
    }

    /// Whether this span of a file stands behind an `@`.
    pub fn is_decoration(&self, file: FileId, range: TextRange) -> bool {
        let facts = self.facts.get(&file);
        facts.is_some_and(|facts| facts.is_decoration(range))
    }

    /// What a call of a method gives, if nothing leaves that open.
    pub fn given_to(&self, file: FileId, call: NodeId) -> Option<&'f Given> {
        self.facts.get(&file)?.given.get(&call)
    }

    /// A class's facts.
    pub fn class(&self, id: ClassId) -> Option<&'f Class> {
        self.facts.get(&id.file)?.classes.get(id.index as usize)
    }

    /// What a target of a file is.
    pub fn target(&self, file: FileId, target: &Target) -> Resolved {
        match target {
            Target::Function(index) => Resolved::Function(FunctionId {
                file,
                index: *index,
            }),
            Target::Class(index) => Resolved::Class(ClassId {
                file,
                index: *index,
            }),
            Target::Path(path) => self.path_in(file, path),
            Target::Unknown => Resolved::Unknown,
        }
    }

    /// What a dotted path of a file names.
    fn path_in(&self, file: FileId, path: &str) -> Resolved {
        let path = self.project.absolute(file, path);
        if self.is_searched_elsewhere(file, &path) {
            return Resolved::Unknown;
        }
        self.path(&path)
    }

    /// Whether a file changes where modules are looked for, and a file in another folder than the one that a path of it names
    /// may be what it finds.
    fn is_searched_elsewhere(&self, file: FileId, path: &str) -> bool {
        if !(self.facts.get(&file)).is_some_and(|facts| facts.moves_search_path) {
            return false;
        }
        let Some(OtherName::Below(files, rest)) = self.project.other_name(path) else {
            return false;
        };
        let unread = files.iter().filter(|file| !self.facts.contains_key(file));
        let before = self.missing.borrow().len();
        self.missing.borrow_mut().extend(unread);
        before < self.missing.borrow().len() || self.is_bound(&files, &rest)
    }

    /// Whether one of these files binds the first part of a path, as far as they have joined.
    fn is_bound(&self, files: &[FileId], path: &str) -> bool {
        let first = path.split('.').next().unwrap_or(path);
        files.iter().any(|file| {
            self.facts
                .get(file)
                .is_some_and(|facts| facts.named(first).is_some())
        })
    }

    /// Whether a path of a file leads to a module that may be one of several of the project, or is none of them by its own name,
    /// and that binds what the path goes on with.
    pub fn is_out_of_sight(&self, file: FileId, path: &str) -> bool {
        let path = self.project.absolute(file, path);
        if self.project.split(&path).is_some() {
            return false;
        }
        match self.project.other_name(&path) {
            Some(OtherName::Above(own)) => own != path,
            Some(OtherName::Below(files, rest)) => {
                let first = rest.split('.').next().unwrap_or(&rest);
                files.iter().any(|file| {
                    self.facts.get(file).is_some_and(|facts| {
                        facts.named(first).is_some() || facts.global(first).is_some()
                    })
                })
            }
            None => false,
        }
    }

    /// What a dotted path names.
    pub fn path(&self, path: &str) -> Resolved {
        if let Some(known) = self.paths.borrow().get(path) {
            return known.clone();
        }
        let (found, is_certain) = self.follow(path);
        if is_certain {
            let mut paths = self.paths.borrow_mut();
            paths.insert(path.into(), found.clone());
        }
        found
    }

    /// What a dotted path names, and whether it is the same whoever asks: the class of a variable or attribute depends on
    /// what else is being resolved.
    fn follow(&self, path: &str) -> (Resolved, bool) {
        let mut path = path.to_string();
        // Re-exports rarely go through more than a few modules; a cycle ends here too.
        for _ in 0..16 {
            work::note(1);
            let Some((file, rest)) = self.project.split(&path) else {
                match self.project.other_name(&path) {
                    Some(OtherName::Above(own)) if own != path => {
                        path = own;
                        continue;
                    }
                    Some(OtherName::Below(files, rest)) if self.is_bound(&files, &rest) => {
                        return (Resolved::Unknown, true);
                    }
                    _ => {}
                }
                let first = path.split('.').next().unwrap_or(&path);
                let found = if self.project.is_first_party(first) {
                    Resolved::Unknown
                } else {
                    Resolved::Foreign(path)
                };
                return (found, true);
            };
            let Some(facts) = self.facts.get(&file) else {
                self.missing.borrow_mut().insert(file);
                return (Resolved::Unknown, true);
            };
            let (first, tail) = rest.split_once('.').unwrap_or((rest, ""));
            match facts.named(first) {
                Some(Target::Path(target)) => {
                    let target = self.project.absolute(file, target);
                    if self.is_searched_elsewhere(file, &target) {
                        return (Resolved::Unknown, true);
                    }
                    path = if tail.is_empty() {
                        target
                    } else {
                        format!("{target}.{tail}")
                    };
                }
                Some(Target::Class(index)) => {
                    let class = ClassId {
                        file,
                        index: *index,
                    };
                    if tail.is_empty() {
                        return (Resolved::Class(class), true);
                    }
                    return (
                        self.member(class, tail),
                        self.is_ready && !tail.contains('.'),
                    );
                }
                Some(Target::Function(index)) if tail.is_empty() => {
                    let function = FunctionId {
                        file,
                        index: *index,
                    };
                    return (Resolved::Function(function), true);
                }
                Some(Target::Function(index)) => {
                    let function = FunctionId {
                        file,
                        index: *index,
                    };
                    let name = tail.split('.').next().unwrap_or(tail);
                    return (Resolved::AttributeOf(function, name.to_string()), true);
                }
                Some(Target::Unknown) => return (Resolved::Unknown, true),
                None => {
                    if let Some(type_) = facts.variable(first) {
                        let found = match self.class_of(file, type_) {
                            Some(class) => self.member(class, tail),
                            None => Resolved::Unknown,
                        };
                        return (found, false);
                    }
                    if tail.is_empty()
                        && let Some(type_) = facts.alias(first)
                    {
                        return (Resolved::Alias(file, type_.clone()), true);
                    }
                    // `from .impl import *`
                    let Some(star) = self.starred(file, facts, first) else {
                        return (Resolved::Unknown, true);
                    };
                    path = if tail.is_empty() {
                        star
                    } else {
                        format!("{star}.{tail}")
                    };
                }
            }
        }
        (Resolved::Unknown, true)
    }

    /// The variable of a module that a path leads through, with the foreign class that it holds an instance of, and the
    /// rest of the path: `app`, `typer.Typer` and `command` for `pkg.cli.app.command`.
    pub fn foreign_variable(&self, file: FileId, path: &str) -> Option<(&'f str, String)> {
        let mut path = self.project.absolute(file, path);
        // As in `path`.
        for _ in 0..16 {
            let (file, rest) = self.project.split(&path)?;
            let Some(facts) = self.facts.get(&file) else {
                self.missing.borrow_mut().insert(file);
                return None;
            };
            let (first, tail) = rest.split_once('.').unwrap_or((rest, ""));
            match facts.named(first) {
                Some(Target::Path(target)) => {
                    let target = self.project.absolute(file, target);
                    path = if tail.is_empty() {
                        target
                    } else {
                        format!("{target}.{tail}")
                    };
                }
                Some(_) => return None,
                None => {
                    return match facts.variable(first)? {
                        Type::Path(class) if self.project.split(class).is_none() => {
                            Some((class, tail.to_string()))
                        }
                        _ => None,
                    };
                }
            }
        }
        None
    }

    /// The class of the module-level variable that a path names, through re-exports.
    fn variable(&self, path: &str) -> Option<ClassId> {
        let mut path = path.to_string();
        for _ in 0..16 {
            let (file, name) = self.project.split(&path)?;
            let facts = self.facts.get(&file)?;
            if let Some(type_) = facts.variable(name) {
                return self.class_of(file, type_);
            }
            path = match facts.named(name) {
                Some(Target::Path(target)) => self.project.absolute(file, target),
                Some(_) => return None,
                None => self.starred(file, facts, name)?,
            };
        }
        None
    }

    /// The path of a name that a star import brings; `None` if none of them has it.
    fn starred(&self, of: FileId, facts: &FileFacts, name: &str) -> Option<String> {
        facts.star_imports.iter().rev().find_map(|module| {
            let module = self.project.absolute(of, module);
            let file = self.project.module(&module)?;
            match self.facts.get(&file) {
                Some(other) => {
                    let own = other.named(name).is_some() || other.global(name).is_some();
                    let has = own || !other.star_imports.is_empty();
                    has.then(|| format!("{module}.{name}"))
                }
                None => {
                    self.missing.borrow_mut().insert(file);
                    None
                }
            }
        })
    }

    /// The class that a path names, or whose instance it names.
    pub fn class_at(&self, file: FileId, path: &str) -> Option<ClassId> {
        let path = self.project.absolute(file, path);
        if let Resolved::Class(class) = self.path(&path) {
            return Some(class);
        }
        let (file, name) = self.project.split(&path)?;
        self.class_of(file, self.facts.get(&file)?.variable(name)?)
    }

    /// Whether a class is another one, or derives from it.
    pub fn inherits(&self, class: ClassId, from: ClassId) -> bool {
        self.ancestors(class).contains(&from)
    }

    /// The direct bases of a class within the project.
    pub fn bases_of(&self, class: ClassId) -> Vec<ClassId> {
        let bases = self.bases.get(&class);
        bases.into_iter().flatten().flatten().copied().collect()
    }

    /// The module-level variable that a path names, seen from this file: its file and name there. Whether the module has
    /// such a variable is up to the caller.
    pub fn global(&self, of: FileId, path: &str) -> Option<(FileId, String)> {
        let mut path = self.project.absolute(of, path);
        for _ in 0..16 {
            let (file, name) = self.project.split(&path)?;
            if name.contains('.') || name.is_empty() {
                return None;
            }
            let name = name.to_string();
            let Some(facts) = self.facts.get(&file) else {
                self.missing.borrow_mut().insert(file);
                return None;
            };
            path = match facts.named(&name) {
                Some(Target::Path(target)) => self.project.absolute(file, target),
                Some(_) => return None,
                None if facts.global(&name).is_some() => {
                    return Some((file, name));
                }
                None => self.starred(file, facts, &name)?,
            };
        }
        None
    }

    /// The file of the module that a target is.
    pub fn module_of(&self, file: FileId, target: &Target) -> Option<FileId> {
        match target {
            Target::Path(path) => self.project.module(&self.project.absolute(file, path)),
            _ => None,
        }
    }

    /// Whether a path is the module of this file.
    pub fn is_module(&self, path: &str, file: FileId) -> bool {
        self.project.module(path) == Some(file)
    }

    /// What a chain of attributes of a class or of its instance is.
    fn member(&self, class: ClassId, chain: &str) -> Resolved {
        match chain.split_once('.') {
            None => match self.method(class, chain) {
                Some(function) => Resolved::Function(function),
                None => Resolved::Unknown,
            },
            Some((first, rest)) => match self.attribute(class, first).as_deref() {
                Some([Kind::Class(class)]) => self.member(*class, rest),
                _ => Resolved::Unknown,
            },
        }
    }

    /// The method that an instance of exactly this class has, through its bases in order (depth first: the method
    /// resolution order differs only where two bases share one and override it differently, which the families join).
    pub fn method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let owners = self.facts.tables().methods.get(name)?;
        let found = |at: ClassId| {
            let index = *owners.get(&at)?;
            let file = at.file;
            Some(FunctionId { file, index })
        };
        if let Some(own) = found(class) {
            return Some(own);
        }
        self.order(class).iter().find_map(|&at| found(at))
    }

    /// The classes whose methods an object of a class has, in the order in which [`Self::method`] looks at them.
    fn order(&self, class: ClassId) -> Arc<[ClassId]> {
        if let Some(known) = self.orders.borrow().get(&class) {
            return Arc::clone(known);
        }
        let mut seen = FxHashSet::default();
        let mut order = Vec::new();
        let mut pending = vec![class];
        while let Some(at) = pending.pop() {
            if !seen.insert(at) {
                continue;
            }
            order.push(at);
            if let Some(bases) = self.bases.get(&at) {
                pending.extend(bases.iter().rev().flatten());
            }
        }
        work::note(order.len());
        let order: Arc<[ClassId]> = order.into();
        if self.is_ready {
            self.orders.borrow_mut().insert(class, Arc::clone(&order));
        }
        order
    }

    /// Whether a class, or one that it derives from, has a base outside of the project that may define any method: its
    /// path. A base that changes with the class is none.
    pub fn foreign_base(&self, class: ClassId) -> Option<String> {
        self.ancestors(class)
            .into_iter()
            .filter(|&at| self.class(at).is_none_or(|class| !class.is_converted))
            .filter_map(|at| self.foreign_bases.get(&at))
            .flatten()
            .find(|path| !is_inert_base(path))
            .cloned()
    }

    /// Whether all bases outside of the project that may define methods of a class are among these.
    pub fn derives_only_from(&self, class: ClassId, paths: &[&str]) -> bool {
        self.ancestors(class)
            .into_iter()
            .filter_map(|at| self.foreign_bases.get(&at))
            .flatten()
            .all(|path| is_inert_base(path) || paths.contains(&path.as_str()))
    }

    /// The first base outside of the project that may define or call a method of this name: its path. A base that changes
    /// with the class is none.
    pub fn base_that_knows(&self, class: ClassId, method: &str) -> Option<String> {
        self.ancestors(class)
            .into_iter()
            .filter(|&at| self.class(at).is_none_or(|class| !class.is_converted))
            .filter_map(|at| self.foreign_bases.get(&at))
            .flatten()
            .find(|path| !is_inert_base(path) && bases::may_know(path, method))
            .cloned()
    }

    /// Whether a class derives from `unittest.TestCase`.
    pub fn is_case(&self, class: ClassId) -> bool {
        self.order(class)
            .iter()
            .filter_map(|at| self.foreign_bases.get(at))
            .flatten()
            .any(|path| is_sync_case(path) || is_async_case(path))
    }

    /// Whether a class, or one that derives from it, derives from `unittest.TestCase`.
    pub fn is_part_of_case(&self, class: ClassId) -> bool {
        if let Some(&known) = self.cases.borrow().get(&class) {
            return known;
        }
        let below = self.descendants(class);
        let is_part = below.into_iter().any(|class| self.is_case(class));
        self.cases.borrow_mut().insert(class, is_part);
        is_part
    }

    /// The methods of this name that the class and those that derive from it have.
    fn methods_below(&self, class: ClassId, name: &str) -> Vec<FunctionId> {
        if !self.facts.tables().methods.contains_key(name) {
            return Vec::new();
        }
        let known = |names: &FxHashMap<String, Vec<FunctionId>>| names.get(name).cloned();
        if let Some(known) = self.below.borrow().get(&class).and_then(known) {
            return known;
        }
        let descendants = self.descendants(class).into_iter();
        let below: Vec<FunctionId> = descendants.filter_map(|at| self.method(at, name)).collect();
        if self.is_ready {
            let mut known = self.below.borrow_mut();
            let names = known.entry(class).or_default();
            names.insert(name.to_string(), below.clone());
        }
        below
    }

    /// The class and all that it derives from within the project.
    pub fn ancestors(&self, class: ClassId) -> Vec<ClassId> {
        self.closure(class, |at| {
            self.bases
                .get(&at)
                .into_iter()
                .flatten()
                .flatten()
                .copied()
                .collect()
        })
    }

    /// The class and all that derive from it within the project.
    pub fn descendants(&self, class: ClassId) -> Vec<ClassId> {
        self.closure(class, |at| {
            self.subclasses.get(&at).cloned().unwrap_or_default()
        })
    }

    fn closure(&self, class: ClassId, next: impl Fn(ClassId) -> Vec<ClassId>) -> Vec<ClassId> {
        let mut seen = FxHashSet::default();
        let mut order = Vec::new();
        let mut pending = vec![class];
        while let Some(at) = pending.pop() {
            if seen.insert(at) {
                order.push(at);
                pending.extend(next(at));
            }
        }
        work::note(order.len());
        order
    }

    /// The classes that an object of a class may be of besides: all that it derives from, all that derive from it, and what
    /// those derive from.
    pub fn related(&self, class: ClassId) -> Arc<BTreeSet<ClassId>> {
        if let Some(known) = self.relatives.borrow().get(&class) {
            return Arc::clone(known);
        }
        let below = self.descendants(class).into_iter();
        let related: BTreeSet<ClassId> = below.flat_map(|below| self.ancestors(below)).collect();
        let related = Arc::new(related);
        if self.is_ready {
            let mut relatives = self.relatives.borrow_mut();
            relatives.insert(class, Arc::clone(&related));
        }
        related
    }

    /// The class of the project that every value of a type is of, or of one that derives from it; `None` where it may be of
    /// another.
    pub fn only_class(&self, file: FileId, type_: &Type) -> Option<ClassId> {
        match self.kinds(file, type_).as_deref() {
            Some(&[Kind::Class(class)]) => Some(class),
            _ => None,
        }
    }

    /// Whether the members of a class's objects are those that classes of the project say: it has no base that may bring
    /// others, it is no protocol, it hands no names on, and nothing makes classes of it where no `class` statement stands.
    pub fn is_closed(&self, class: ClassId) -> bool {
        let foreign = self.foreign_bases.get(&class).into_iter().flatten();
        let brings = |path: &String| !is_inert_base(path) || path.ends_with(".Protocol");
        let hands_on = ["__getattr__", "__getattribute__"];
        !foreign.into_iter().any(brings)
            && self.class(class).is_some_and(|facts| {
                !facts.has_keywords
                    && !facts
                        .methods
                        .iter()
                        .any(|(name, _)| hands_on.contains(&name.as_str()))
            })
            && !self.is_class_used_as_value(class)
    }

    /// The functions that the body of a class defines under a name: a property, with its setter and deleter.
    pub fn definitions(&self, class: ClassId, name: &str) -> Vec<FunctionId> {
        let facts = self.class(class).into_iter();
        let all = facts.flat_map(|class| class.methods.iter().chain(&class.overloads));
        let own = all.filter(|(own, _)| own == name);
        own.map(|&(_, index)| FunctionId {
            file: class.file,
            index,
        })
        .collect()
    }

    /// Whether every base of a class is known, of the project or not, and nothing makes classes of it where no `class`
    /// statement stands: what `super()` reaches is of the project's class tree or foreign.
    pub fn knows_bases(&self, class: ClassId) -> bool {
        let foreign = self.foreign_bases.get(&class).into_iter().flatten();
        !foreign.into_iter().any(|path| path == UNKNOWN_BASE) && !self.is_class_used_as_value(class)
    }

    /// The names of a class and of those that derive from it.
    pub fn names_below(&self, class: ClassId) -> Vec<String> {
        self.descendants(class)
            .into_iter()
            .filter_map(|class| self.class(class))
            .filter_map(|class| class.qualified_name.rsplit('.').next())
            .map(str::to_string)
            .collect()
    }

    /// The name by which a method is looked up: a private one is mangled.
    pub fn stored_name(&self, id: FunctionId, function: &'f Function) -> &'f str {
        function
            .class
            .and_then(|index| {
                let class = self.class(ClassId {
                    file: id.file,
                    index,
                })?;
                let mut all = class.methods.iter().chain(&class.overloads);
                all.find(|(_, index)| *index == id.index)
            })
            .map_or(function.name.as_str(), |(name, _)| name.as_str())
    }

    /// The methods that must have the colour of this one: those of the same name in all classes that it overrides or that
    /// override it, and in classes that share a descendant with it (a mixin). Itself is not in it.
    pub fn family(&self, function: FunctionId) -> Vec<FunctionId> {
        let mut family = self.class_family(function);
        family.extend(self.behind_protocol(function));
        family.remove(&function);
        family.into_iter().collect()
    }

    /// Members of the family that lead, by their own kin, to all others. A protocol's name may be that of thousands of
    /// methods: each of them has its neighbours for kin, so that the work stays linear.
    pub fn kin(&self, function: FunctionId) -> Vec<FunctionId> {
        let mut kin = self.class_family(function);
        let methods = self.behind_protocol(function);
        if let Ok(at) = methods.binary_search(&function) {
            let neighbours = at.saturating_sub(1)..methods.len().min(at + 2);
            kin.extend(&methods[neighbours]);
        }
        kin.remove(&function);
        kin.into_iter().collect()
    }

    /// The other methods whose calls on an object may run this one: those of its name in the classes that an object of its
    /// class may be of besides, without those that derive from it, and in protocols. A constructor runs only where its own
    /// class is named, or by `super()`.
    pub fn overridden(&self, function: FunctionId) -> Vec<FunctionId> {
        let Some((facts, class)) = self.function(function).and_then(|facts| {
            let index = facts.class?;
            let file = function.file;
            Some((facts, ClassId { file, index }))
        }) else {
            return Vec::new();
        };
        let stored = self.stored_name(function, facts);
        if is_constructor(stored) {
            return Vec::new();
        }
        let below: FxHashSet<ClassId> = self.descendants(class).into_iter().collect();
        let related = self.related(class);
        let mut found: BTreeSet<FunctionId> = related
            .iter()
            .filter(|class| !below.contains(class))
            .flat_map(|&class| self.facts.definitions(class, stored))
            .collect();
        found.extend(
            self.behind_protocol(function)
                .iter()
                .filter(|id| self.is_in_protocol(**id)),
        );
        found.remove(&function);
        found.into_iter().collect()
    }

    fn is_in_protocol(&self, id: FunctionId) -> bool {
        self.function(id)
            .and_then(|function| function.class)
            .is_some_and(|index| {
                self.protocols.contains(&ClassId {
                    file: id.file,
                    index,
                })
            })
    }

    /// A protocol is implemented by shape: any method of its name may stand behind it.
    fn behind_protocol(&self, function: FunctionId) -> &[FunctionId] {
        self.function(function)
            .filter(|facts| facts.class.is_some())
            .and_then(|facts| self.protocol_methods.get(facts.name.as_str()))
            .map_or(&[], Vec::as_slice)
    }

    /// The methods of the same name in related classes, itself among them.
    fn class_family(&self, function: FunctionId) -> BTreeSet<FunctionId> {
        let mut family = BTreeSet::new();
        let Some(facts) = self.function(function) else {
            return family;
        };
        let Some(class) = facts.class.map(|index| ClassId {
            file: function.file,
            index,
        }) else {
            return family;
        };
        let stored = self.stored_name(function, facts);
        let related = self.related(class);
        let tables = self.facts.tables();
        let owners = tables.methods.get(stored);
        let count = owners.map_or(0, FxHashMap::len);
        work::note(count.min(related.len()));
        // A base has thousands of relatives, and most methods few namesakes; or the other way round.
        if count < related.len() && !tables.overloads.contains(stored) {
            let namesakes = owners.into_iter().flatten();
            let namesakes = namesakes.filter(|(at, _)| related.contains(at));
            family.extend(namesakes.map(|(at, &index)| {
                let file = at.file;
                FunctionId { file, index }
            }));
        } else {
            for &class in related.iter() {
                family.extend(self.facts.definitions(class, stored));
            }
        }
        family
    }

    /// What a call of a file may call.
    pub fn called(&self, file: FileId, callee: &Callee) -> Called {
        work::note(1);
        match callee {
            Callee::Target(target) => match self.target(file, target) {
                Resolved::Function(function) => Called::Functions(vec![function]),
                Resolved::AttributeOf(function, name) => Called::AttributeOf(function, name),
                Resolved::Class(_) | Resolved::Foreign(_) => Called::Nothing,
                Resolved::Alias(..) | Resolved::Unknown => match target {
                    // `pkg.app.client.fetch`: a method of something that the module binds.
                    Target::Path(path) => match self.variable(&self.project.absolute(file, path)) {
                        Some(class) => match self.method(class, "__call__") {
                            Some(method) => Called::Functions(vec![method]),
                            None => Called::Nothing,
                        },
                        None => {
                            let (of, name) = path.rsplit_once('.').unwrap_or(("", path));
                            let of = self.path(&self.project.absolute(file, of));
                            match of {
                                // `Post.category`, which is no method: a class holds no functions of modules.
                                Resolved::Class(_) => Called::Member(name.to_string()),
                                _ => Called::Unresolved(name.to_string()),
                            }
                        }
                    },
                    _ => Called::Unknown,
                },
            },
            Callee::Method { receiver, name } => match self.kinds(file, receiver) {
                Some(kinds) => self.method_of(&kinds, name),
                None => Called::Method(name.clone()),
            },
            Callee::Super { class, name } => {
                let class = ClassId {
                    file,
                    index: *class,
                };
                let bases = self.bases.get(&class).into_iter().flatten();
                let found = bases.flatten().find_map(|&base| self.method(base, name));
                match found {
                    Some(function) => Called::Functions(vec![function]),
                    // The base of all: what is above a hook of it is another hook, of the same family.
                    None if is_hook(name) && self.is_case(class) => Called::Nothing,
                    // A mixin's `super()` may reach a sibling that the file does not name.
                    None => Called::Member(name.clone()),
                }
            }
            Callee::Foreign(_) => Called::Nothing,
            Callee::UnknownMethod { name } => Called::Method(name.clone()),
            Callee::UnknownValue => Called::Unknown,
        }
    }

    /// The callables outside of the project that a call of a file may be of, by their dotted paths; empty where it may be
    /// of anything else.
    pub fn foreign(&self, file: FileId, callee: &Callee) -> Vec<String> {
        match callee {
            Callee::Foreign(path) => vec![path.clone()],
            Callee::Target(target) => match self.target(file, target) {
                Resolved::Foreign(path) => vec![path],
                _ => Vec::new(),
            },
            Callee::Method { receiver, name } => self
                .kinds(file, receiver)
                .and_then(|kinds| {
                    kinds
                        .iter()
                        .map(|kind| self.foreign_method(kind, name))
                        .collect()
                })
                .unwrap_or_default(),
            Callee::Super { class, name } => {
                let class = ClassId {
                    file,
                    index: *class,
                };
                let bases = self.bases.get(&class).into_iter().flatten();
                let is_own = bases
                    .flatten()
                    .any(|&base| self.method(base, name).is_some());
                (!is_own)
                    .then(|| self.inherited(class, name))
                    .flatten()
                    .into_iter()
                    .collect()
            }
            Callee::UnknownMethod { .. } | Callee::UnknownValue => Vec::new(),
        }
    }

    /// The method of a class outside of the project that a value of this class has.
    fn foreign_method(&self, kind: &Kind, name: &str) -> Option<String> {
        match kind {
            &Kind::Class(class) => {
                let mut below = self.descendants(class).into_iter();
                let is_own = below.any(|at| self.method(at, name).is_some())
                    || self.has_attribute(class, name);
                (!is_own).then(|| self.inherited(class, name)).flatten()
            }
            // A subclass in the project may stand behind the annotation.
            Kind::Foreign(path) => {
                (!self.is_overridden(path, name)).then(|| format!("{path}.{name}"))
            }
        }
    }

    /// Whether something sets an attribute of this name on objects of a class, or may.
    fn has_attribute(&self, class: ClassId, name: &str) -> bool {
        let is_set = |at: ClassId| {
            self.class(at).is_none_or(|facts| {
                facts.untyped.iter().any(|own| own == name)
                    || facts.attributes.iter().any(|(own, _)| own == name)
            })
        };
        self.related(class).iter().copied().any(is_set) || self.stored.contains_key(name)
    }

    /// Whether a member that no class of the project has can only come from a base outside of it. Other bases leave room for
    /// one that a subclass adds, somewhere or at run time.
    fn is_inherited(&self, class: ClassId, name: &str) -> bool {
        let is_closed = self.ancestors(class).into_iter().any(|at| {
            let bases = self.foreign_bases.get(&at).into_iter().flatten();
            bases.into_iter().any(|base| is_closed_base(base))
        });
        is_closed && !self.has_attribute(class, name)
    }

    /// The method of the one base outside of the project that a class has.
    fn inherited(&self, class: ClassId, name: &str) -> Option<String> {
        let ancestors = self.ancestors(class);
        let mut bases = ancestors
            .iter()
            .filter_map(|at| self.foreign_bases.get(at))
            .flatten()
            .filter(|path| !is_inert_base(path));
        match (bases.next(), bases.next()) {
            (Some(base), None) if base != UNKNOWN_BASE => Some(format!("{base}.{name}")),
            _ => None,
        }
    }

    /// Whether a class of the project that derives from this one outside of it may have a method of this name of its own.
    fn is_overridden(&self, path: &str, name: &str) -> bool {
        let Some(below) = self.foreign_subclasses.get(path) else {
            return false;
        };
        let known = |names: &FxHashMap<String, bool>| names.get(name).copied();
        if let Some(known) = self.overridden.borrow().get(path).and_then(known) {
            return known;
        }
        let found = below
            .iter()
            .flat_map(|&class| self.descendants(class))
            .any(|class| self.method(class, name).is_some());
        if self.is_ready {
            let mut overridden = self.overridden.borrow_mut();
            let names = overridden.entry(path.to_string()).or_default();
            names.insert(name.to_string(), found);
        }
        found
    }

    /// Whether no object that a method is looked up on can have one of this name: all of their classes are known, with all
    /// that these derive from and all that derive from these.
    pub fn lacks(&self, file: FileId, callee: &Callee) -> bool {
        let Callee::Method { receiver, name } = callee else {
            return false;
        };
        let lacks = |&class: &ClassId| {
            let is_whole = self
                .foreign_bases
                .get(&class)
                .is_none_or(|bases| bases.iter().all(|base| base != UNKNOWN_BASE));
            is_whole && self.own_method(class, name).is_none()
        };
        self.kinds(file, receiver).is_some_and(|kinds| {
            kinds.iter().all(|kind| match kind {
                Kind::Class(class) => self.related(*class).iter().all(lacks),
                Kind::Foreign(_) => false,
            })
        })
    }

    /// Whether what is read of an object is an attribute that its `__init__` set, and no method.
    pub fn is_assigned(&self, file: FileId, callee: &Callee) -> bool {
        let Callee::Method { receiver, name } = callee else {
            return false;
        };
        let sets = |at: ClassId| {
            self.class(at)
                .is_some_and(|class| class.assigned.contains(name))
        };
        self.lacks(file, callee)
            && self.kinds(file, receiver).is_some_and(|kinds| {
                kinds.iter().all(|kind| match kind {
                    Kind::Class(class) => self.ancestors(*class).into_iter().any(sets),
                    Kind::Foreign(_) => false,
                })
            })
    }

    /// The method of this name that a class itself defines.
    fn own_method(&self, class: ClassId, name: &str) -> Option<u32> {
        let class = self.class(class)?;
        let mut all = class.methods.iter().chain(&class.overloads);
        all.find(|(own, _)| own == name).map(|(_, index)| *index)
    }

    /// The methods that a call on one of several classes may call, where some of these are not known.
    pub fn some_of(&self, file: FileId, callee: &Callee) -> Vec<FunctionId> {
        let Callee::Method {
            receiver: Type::Either(types),
            name,
        } = callee
        else {
            return Vec::new();
        };
        let mut some = Vec::new();
        for receiver in types {
            let callee = Callee::Method {
                receiver: receiver.clone(),
                name: name.clone(),
            };
            if let Called::Functions(functions) = self.called(file, &callee) {
                some.extend(functions);
            }
        }
        some
    }

    /// Whether an attribute holds an object of a class of the project that cannot be called: no method then, whatever
    /// else has one of its name. An attribute of another type may be declared for a method that a sibling class brings.
    fn holds_object(&self, class: ClassId, name: &str) -> bool {
        self.ancestors(class).into_iter().any(|at| {
            let attributes = self.class(at).map_or(&[][..], |class| &class.attributes);
            attributes.iter().any(|(own, type_)| {
                own == name
                    && self
                        .class_of(at.file, type_)
                        .is_some_and(|of| self.method(of, "__call__").is_none())
            })
        })
    }

    /// The method of this name of a value that is of one of these classes.
    fn method_of(&self, kinds: &[Kind], name: &str) -> Called {
        let mut functions: Vec<FunctionId> = Vec::new();
        let mut nothing = false;
        for kind in kinds {
            match kind {
                Kind::Class(class) => match self.method_call(*class, name) {
                    Called::Functions(found) => functions.extend(found),
                    Called::Nothing => nothing = true,
                    other => return other,
                },
                // A subclass in the project may stand behind a foreign annotation.
                Kind::Foreign(path) if self.is_overridden(path, name) => {
                    return Called::Member(name.to_string());
                }
                Kind::Foreign(_) => nothing = true,
            }
        }
        functions.sort_unstable();
        functions.dedup();
        match (functions.is_empty(), nothing) {
            (false, false) => Called::Functions(functions),
            (true, _) => Called::Nothing,
            // Some of the values have a method of the project, and others have not.
            (false, true) => Called::Member(name.to_string()),
        }
    }

    fn method_call(&self, class: ClassId, name: &str) -> Called {
        match self.method(class, name) {
            // An override in a subclass has the same colour, so the one that the class has stands for all.
            Some(function) => Called::Functions(vec![function]),
            None => {
                // An abstract use: only subclasses define it.
                let below = self.methods_below(class, name);
                if below.is_empty()
                    && let Some([Kind::Class(of)]) = self.attribute(class, name).as_deref()
                    && let Some(call) = self.method(*of, "__call__")
                {
                    // An attribute that holds an object which can be called.
                    return Called::Functions(vec![call]);
                }
                if !below.is_empty() {
                    Called::Functions(below)
                } else if self.holds_object(class, name) || self.is_inherited(class, name) {
                    Called::Nothing
                } else {
                    // An attribute that holds a method, or who knows what.
                    Called::Member(name.to_string())
                }
            }
        }
    }
}

/// Whether a method of this name makes an object or sets it up.
pub fn is_constructor(name: &str) -> bool {
    matches!(name, "__init__" | "__new__" | "__post_init__")
}

/// Bases outside of the project whose objects have no other members than what their class and this base say: at run time
/// they are dictionaries, or members of an enumeration.
fn is_closed_base(path: &str) -> bool {
    matches!(
        path,
        "typing.TypedDict"
            | "typing_extensions.TypedDict"
            | "enum.Enum"
            | "enum.IntEnum"
            | "enum.StrEnum"
            | "enum.Flag"
            | "enum.IntFlag"
    )
}

/// Bases outside of the project that define no method that a project would override by chance.
fn is_inert_base(path: &str) -> bool {
    matches!(
        path,
        "builtins.object"
            | "abc.ABC"
            | "typing.Generic"
            | "typing.Protocol"
            | "typing_extensions.Protocol"
            | "typing_extensions.Generic"
            | "typing.NamedTuple"
            | "typing.TypedDict"
            | "enum.Enum"
            | "enum.IntEnum"
            | "enum.StrEnum"
            | "pydantic.BaseModel"
    ) || is_sync_case(path)
        || is_async_case(path)
        || path
            .strip_prefix("builtins.")
            .is_some_and(|name| name.ends_with("Error") || name.ends_with("Exception"))
}

/// Whether a path names `unittest.TestCase`, whose methods [`crate::propagate`] knows.
pub fn is_sync_case(path: &str) -> bool {
    matches!(path, "unittest.TestCase" | "unittest.case.TestCase")
}

/// Whether a path names `unittest.IsolatedAsyncioTestCase`.
pub fn is_async_case(path: &str) -> bool {
    matches!(
        path,
        "unittest.IsolatedAsyncioTestCase" | "unittest.async_case.IsolatedAsyncioTestCase"
    )
}

/// Whether unittest calls a method of this name round each test.
pub fn is_hook(name: &str) -> bool {
    matches!(name, "setUp" | "tearDown")
}
