//! The facts of the files that have joined, with tables of what names what: a file's facts are read once, when it joins, and
//! who looks for a name later sees only what has it.

mod mentions;

use std::ops::Deref;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{any_name, any_name_of_target, last, matters_always};
use super::resolve::ClassId;
use super::{FileFacts, Target, ValueKind};
use crate::unit::{FileId, FunctionId};
pub(crate) use mentions::{Mention, Mentions};

/// The facts of all files that have joined. Reads as a map of them.
#[derive(Clone, Debug, Default)]
pub struct ProjectFacts {
    files: FxHashMap<FileId, FileFacts>,
    tables: Tables,
}

/// A call or a use as a value: its number in the facts of its file.
pub(crate) type Spot = (FileId, u32);

/// What the files name, over all of them.
///
/// Invariant: they tell of exactly the files in [`ProjectFacts::files`], and of each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    /// The calls that may be of something of this name.
    pub(crate) calls: ByName<Spot>,
    /// The uses as a value of what may be something of this name.
    pub(crate) values: ByName<Spot>,
    /// The calls that matter whatever they name.
    pub(crate) always: Vec<Spot>,
    /// The functions of this name that have decorators, and those with a decorator that may be of this name.
    pub(crate) decorated: ByName<FunctionId>,
    /// All functions with decorators.
    pub(crate) with_decorators: Vec<FunctionId>,
    /// The files with functions that decorate others.
    pub(crate) decorating: Vec<FileId>,
    /// The uses by which programs begin.
    pub(crate) programs: Vec<Spot>,
    /// The methods, by the name under which they are looked up.
    pub(crate) methods: FxHashMap<Box<str>, FxHashMap<ClassId, u32>>,
    /// The names of all other definitions of methods.
    pub(crate) overloads: FxHashSet<Box<str>>,
    /// The classes that may have one half of a protocol from one base and the other from another one, or of their own.
    pub(crate) pairing: Vec<ClassId>,
    /// The classes of the files that are used as values.
    pub(crate) handed: FxHashSet<ClassId>,
    /// The names at module level, by their number, that stand for something of another name.
    pub(crate) renames: Vec<Spot>,
    /// The variables at module level of this name.
    pub(crate) globals: ByName<Spot>,
    /// The parameters of tests and fixtures of this name: the variable, and whether it takes the fixture of its name.
    pub(crate) takers: ByName<(FileId, u32, bool)>,
    /// The sync functions that run an event loop or fork the process themselves.
    pub(crate) loop_runners: Vec<FunctionId>,
    /// The files that look members up by made names.
    pub(crate) with_lookups: Vec<FileId>,
    /// The files that mark tests to share one event loop.
    pub(crate) with_shared_loop: Vec<FileId>,
    /// The files with async tests or fixtures that have an event loop of their own.
    pub(crate) with_own_loop: Vec<FileId>,
    /// The files with tests that ask for fixtures by a name.
    pub(crate) with_fixture_lookups: Vec<FileId>,
    /// Whether one of them marks tests for the plugin of anyio.
    pub(crate) marks_anyio: bool,
    /// What flows where.
    pub(crate) mentions: Mentions,
}

/// Places by name.
#[derive(Clone, Debug)]
pub(crate) struct ByName<T>(FxHashMap<Box<str>, Vec<T>>);

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<T> ByName<T> {
    /// All of this name, in no order.
    pub(crate) fn of(&self, name: &str) -> &[T] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, name: &str, place: T) {
        match self.0.get_mut(name) {
            Some(places) => places.push(place),
            None => {
                self.0.insert(name.into(), vec![place]);
            }
        }
    }
}

impl ProjectFacts {
    /// Takes a decorator for what replaces it: the span of its expression, and the path of the new one.
    pub fn redecorate(&mut self, file: FileId, decorator: TextRange, path: &str) {
        let functions = self.files.get_mut(&file).map(|facts| &mut facts.functions);
        for other in functions
            .into_iter()
            .flatten()
            .flat_map(|function| &mut function.decorators)
        {
            if other.range == decorator {
                other.target = Target::Path(path.to_string());
            }
        }
    }
}

impl Deref for ProjectFacts {
    type Target = FxHashMap<FileId, FileFacts>;

    fn deref(&self) -> &Self::Target {
        &self.files
    }
}

impl<'f> IntoIterator for &'f ProjectFacts {
    type Item = (&'f FileId, &'f FileFacts);
    type IntoIter = std::collections::hash_map::Iter<'f, FileId, FileFacts>;

    fn into_iter(self) -> Self::IntoIter {
        self.files.iter()
    }
}

impl Extend<(FileId, FileFacts)> for ProjectFacts {
    fn extend<T: IntoIterator<Item = (FileId, FileFacts)>>(&mut self, files: T) {
        for (file, facts) in files {
            self.insert(file, facts);
        }
    }
}

impl FromIterator<(FileId, FileFacts)> for ProjectFacts {
    fn from_iter<T: IntoIterator<Item = (FileId, FileFacts)>>(files: T) -> Self {
        let mut joined = Self::default();
        joined.extend(files);
        joined
    }
}

impl ProjectFacts {
    /// Adds a file. The facts of one that is there already are the same ones, and stay.
    pub fn insert(&mut self, file: FileId, facts: FileFacts) {
        if !self.files.contains_key(&file) {
            self.tables.add(file, &facts);
            self.files.insert(file, facts);
        }
    }

    /// Keeps only these files.
    pub fn retain(&mut self, is_kept: impl Fn(FileId) -> bool) {
        if self.files.keys().all(|&file| is_kept(file)) {
            return;
        }
        self.files.retain(|&file, _| is_kept(file));
        self.tables = Tables::default();
        for (&file, facts) in &self.files {
            self.tables.add(file, facts);
        }
    }

    /// Sets what keeps functions sync: no table tells of that.
    pub(crate) fn pin(&mut self, pin: impl Fn(FileId, &mut FileFacts)) {
        for (&file, facts) in &mut self.files {
            pin(file, facts);
        }
    }

    /// Notes that another base takes the place of a class's own. No table tells of that either.
    pub(crate) fn convert(&mut self, class: ClassId) {
        let facts = self.files.get_mut(&class.file);
        if let Some(class) = facts.and_then(|facts| facts.classes.get_mut(class.index as usize)) {
            class.is_converted = true;
        }
    }

    /// What the files name.
    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The methods of a class by the name under which they are looked up, overloads and other definitions too: their
    /// numbers in the file.
    pub(crate) fn definitions<'f>(
        &'f self,
        class: ClassId,
        name: &'f str,
    ) -> impl Iterator<Item = FunctionId> + 'f {
        let own = self.method_of(class, name);
        let facts = self.get(&class.file);
        let facts = facts.and_then(|facts| facts.classes.get(class.index as usize));
        let overloads = facts.map_or(&[][..], |facts| facts.overloads.as_slice());
        let others = overloads.iter().filter(move |(other, _)| other == name);
        own.into_iter()
            .chain(others.map(move |&(_, index)| FunctionId {
                file: class.file,
                index,
            }))
    }

    /// The method of this name that a class itself defines.
    pub(crate) fn method_of(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let index = *self.tables.methods.get(name)?.get(&class)?;
        let file = class.file;
        Some(FunctionId { file, index })
    }
}

impl Tables {
    fn add(&mut self, file: FileId, facts: &FileFacts) {
        for (number, call) in facts.calls.iter().enumerate() {
            let spot = (file, number as u32);
            if matters_always(facts, call) {
                self.always.push(spot);
            }
            any_name(facts, &call.callee, |name| {
                self.calls.add(name, spot);
                false
            });
        }
        for (number, value) in facts.values.iter().enumerate() {
            let spot = (file, number as u32);
            if value.kind == ValueKind::Program {
                self.programs.push(spot);
            }
            any_name(facts, &value.callee, |name| {
                self.values.add(name, spot);
                false
            });
        }
        for (number, function) in facts.functions.iter().enumerate() {
            let index = number as u32;
            let id = FunctionId { file, index };
            if (function.runs_loop || function.forks || function.greenlets) && !function.is_async {
                self.loop_runners.push(id);
            }
            if function.fixture.is_some() || function.name.starts_with("test") {
                for parameter in &function.parameters {
                    let taker = (file, parameter.variable, parameter.is_fixture);
                    self.takers.add(&parameter.name, taker);
                }
            }
            if function.decorators.is_empty() {
                continue;
            }
            self.with_decorators.push(id);
            self.decorated.add(&function.name, id);
            for decorator in &function.decorators {
                any_name_of_target(facts, &decorator.target, |name| {
                    self.decorated.add(name, id);
                    false
                });
            }
        }
        if !facts.decorating.is_empty() {
            self.decorating.push(file);
        }
        self.marks_anyio |= facts.marks_anyio;
        if facts.shared_loop.is_some() {
            self.with_shared_loop.push(file);
        }
        if facts.own_loop.is_some() {
            self.with_own_loop.push(file);
        }
        if !facts.fixture_lookups.is_empty() {
            self.with_fixture_lookups.push(file);
        }
        if !facts.lookups.is_empty() {
            self.with_lookups.push(file);
        }
        for (number, class) in facts.classes.iter().enumerate() {
            let index = number as u32;
            let id = ClassId { file, index };
            let mut is_pairing = class.bases.len() > 1;
            for (name, method) in &class.methods {
                is_pairing |= matches!(
                    name.as_str(),
                    "__enter__" | "__exit__" | "__iter__" | "__next__"
                );
                let owners = match self.methods.get_mut(name.as_str()) {
                    Some(owners) => owners,
                    None => self.methods.entry(name.as_str().into()).or_default(),
                };
                owners.entry(id).or_insert(*method);
            }
            for (name, _) in &class.overloads {
                if !self.overloads.contains(name.as_str()) {
                    self.overloads.insert(name.as_str().into());
                }
            }
            if is_pairing {
                self.pairing.push(id);
            }
        }
        for target in &facts.place_classes {
            if let Target::Class(index) = *target {
                self.handed.insert(ClassId { file, index });
            }
        }
        for (number, (name, target)) in facts.names.iter().enumerate() {
            let is_same = matches!(target, Target::Path(path) if last(path) == name);
            if !is_same {
                self.renames.push((file, number as u32));
            }
        }
        for (name, variable) in &facts.globals {
            self.globals.add(name, (file, *variable));
        }
        self.mentions.add_file(file, facts);
    }
}
