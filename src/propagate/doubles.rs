//! Test doubles of functions that become async: what takes the place of one must be awaitable too.

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Propagation;
use super::index::is_wanted;
use super::rules::Texts;
use super::shape::Shape;
use crate::callgraph::resolve::{Called, ClassId, Resolved, Resolver};
use crate::callgraph::{Callee, DoubleKind, FileFacts, Function, Target};
use crate::semantic::NodeId;
use crate::unit::{FileId, FunctionId};

/// A double, for people.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) file: FileId,
    pub(super) line: u32,
    pub(super) detail: &'static str,
}

/// The doubles of a project.
#[derive(Default)]
pub(super) struct Doubles {
    /// The functions that take the place of others, with these.
    pub(super) peers: Vec<(FunctionId, FunctionId)>,
    /// The uses of functions as values that are such doubles.
    pub(super) tracked: FxHashSet<(FileId, TextRange)>,
    /// The mocks that must become awaitable with a function: the calls that make them.
    pub(super) assigned: FxHashMap<FunctionId, Vec<(FileId, NodeId)>>,
    /// Where an object gets such a mock.
    pub(super) given: FxHashSet<(FunctionId, FileId, u32)>,
    /// What nothing awaitable takes the place of.
    functions: FxHashMap<FunctionId, Place>,
    /// The same, by name.
    names: FxHashMap<String, Place>,
    /// What a mock takes the place of: of the right kind for a coroutine function, and for nothing else.
    mocked: FxHashMap<FunctionId, Place>,
    mocked_names: FxHashMap<String, Place>,
    /// The classes that a mock without a specification takes the place of, or of an object of them.
    classes: Vec<(ClassId, Place)>,
}

impl Propagation {
    /// The strings that name what test doubles take the place of.
    pub(super) fn doubled_texts(&self) -> Texts {
        let texts = |(&file, facts): (&FileId, &FileFacts)| {
            let doubles = facts.doubles.iter();
            let starts = doubles.filter_map(|double| Some(double.text?.to_u32()));
            starts.map(move |start| (file, start)).collect::<Vec<_>>()
        };
        self.facts.iter().flat_map(texts).collect()
    }
}

impl Doubles {
    pub(super) fn new(
        resolver: &Resolver<'_>,
        facts: &FxHashMap<FileId, FileFacts>,
        names: &FxHashSet<String>,
    ) -> Self {
        let mut doubles = Self::default();
        let mut files: Vec<FileId> = facts.keys().copied().collect();
        files.retain(|file| !facts[file].doubles.is_empty());
        files.sort_unstable();
        for file in files {
            let of_file = &facts[&file];
            for double in &of_file.doubles {
                let place = |detail| Place {
                    file,
                    line: double.line,
                    detail,
                };
                if let Callee::Target(Target::Path(path)) = &double.callee
                    && !double.is_specced
                    && let Some(class) = resolver.class_at(file, path)
                {
                    let detail = "a mock takes the place of its class";
                    doubles.classes.push((class, place(detail)));
                }
                if !is_wanted(of_file, &double.callee, names) {
                    continue;
                }
                let called = resolver.called(file, &double.callee);
                let replacement = match &double.kind {
                    DoubleKind::Function { target, .. } => match resolver.target(file, target) {
                        Resolved::Function(replacement) => Some(replacement),
                        _ => None,
                    },
                    DoubleKind::Mock | DoubleKind::Assigned { .. } | DoubleKind::Other(_) => None,
                };
                match (called, &double.kind) {
                    (Called::Functions(functions), DoubleKind::Function { range, .. })
                        if let Some(replacement) = replacement =>
                    {
                        doubles.tracked.insert((file, *range));
                        doubles
                            .peers
                            .extend(functions.into_iter().map(|of| (of, replacement)));
                    }
                    // Without one, it is told as an attribute that is set.
                    (called, &DoubleKind::Assigned { attribute, call }) => {
                        if let Called::Functions(functions) = called {
                            doubles.tracked.insert((file, attribute));
                            for function in functions {
                                let place = place("only a coroutine function gets an `AsyncMock`");
                                doubles.mocked.entry(function).or_insert(place);
                                doubles.given.insert((function, file, double.line));
                                let calls = doubles.assigned.entry(function).or_default();
                                calls.push((file, call));
                            }
                        }
                    }
                    (Called::Functions(functions), kind) => {
                        for function in functions {
                            match kind {
                                DoubleKind::Mock => {
                                    let place =
                                        place("only a coroutine function gets an `AsyncMock`");
                                    doubles.mocked.entry(function).or_insert(place);
                                }
                                kind => {
                                    let place = place(detail(kind));
                                    doubles.functions.entry(function).or_insert(place);
                                }
                            }
                        }
                    }
                    (
                        Called::Method(name) | Called::Member(name) | Called::Unresolved(name),
                        DoubleKind::Mock,
                    ) => {
                        let place = place("only a coroutine function gets an `AsyncMock`");
                        doubles.mocked_names.entry(name).or_insert(place);
                    }
                    (
                        Called::Method(name) | Called::Member(name) | Called::Unresolved(name),
                        kind,
                    ) => {
                        doubles.names.entry(name).or_insert(place(detail(kind)));
                    }
                    (Called::AttributeOf(function, _), _) => {
                        let place = place("something that it carries is replaced");
                        doubles.functions.entry(function).or_insert(place);
                    }
                    (Called::Nothing | Called::Unknown, _) => {}
                }
            }
        }
        doubles
    }

    /// The double of a function that could not be awaited.
    pub(super) fn of(
        &self,
        resolver: &Resolver<'_>,
        id: FunctionId,
        function: &Function,
    ) -> Option<Place> {
        let of_mock = || {
            let mocked = self
                .mocked
                .get(&id)
                .or(self.mocked_names.get(&function.name));
            mocked.filter(|_| Shape::of(function) != Shape::Plain)
        };
        let of_class = || {
            let own = ClassId {
                file: id.file,
                index: function.class?,
            };
            self.classes
                .iter()
                .find(|(class, _)| resolver.inherits(*class, own))
                .map(|(_, place)| place)
        };
        self.functions
            .get(&id)
            .or_else(|| self.names.get(&function.name))
            .or_else(of_mock)
            .or_else(of_class)
            .copied()
    }
}

fn detail(kind: &DoubleKind) -> &'static str {
    match kind {
        DoubleKind::Other(detail) => detail,
        DoubleKind::Function { .. } | DoubleKind::Mock | DoubleKind::Assigned { .. } => {
            "what takes its place is not known"
        }
    }
}
